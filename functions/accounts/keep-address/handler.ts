import { created, http, ok, type Deps } from '#runtime/http'
import { inOpenSession, nobody } from '../session'
import { labelOf, MOST_ADDRESSES } from '../address'
import { problem } from '../problems'
import { KeepAddress } from './input'
import { add, lockAccount, replace } from './store'

/**
 * Keeps an address for a person under a label.
 *
 * What was kept under that label gives way as a whole, so asking twice is asking once. An order that was placed with an
 * address has its own copy and does not change with it.
 */
export async function keepAddress({ label: given, ...fields }: KeepAddress, { db, caller }: Deps) {
  const label = labelOf(given)
  const address = { ...fields, country: fields.country.toUpperCase() }
  return db.transaction(async (tx) => {
    const [isThere, isReplaced] = await Promise.all([
      lockAccount(tx, caller.id),
      replace(tx, caller.id, label, address),
    ])
    if (!isThere) throw nobody()
    const kept = { label, ...address }
    if (isReplaced) return ok(kept)
    if (await add(tx, caller.id, label, address)) {
      return created(`/v1/me/addresses/${encodeURIComponent(label)}`, kept)
    }
    throw problem('too-many-addresses', { most: MOST_ADDRESSES })
  })
}

export default http(KeepAddress, inOpenSession(keepAddress))
