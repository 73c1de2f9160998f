import { http, noContent, type Deps } from '#runtime/http'
import { inOpenSession } from '../session'
import { labelOf } from '../address'
import { DropAddress } from './input'
import { drop } from './store'

/**
 * Forgets an address that a person kept here.
 *
 * A label with nothing under it is no mistake: whoever asks twice wants it gone, and it is.
 */
export async function dropAddress({ label }: DropAddress, { db, caller }: Deps) {
  await drop(db, caller.id, labelOf(label))
  return noContent()
}

export default http(DropAddress, inOpenSession(dropAddress))
