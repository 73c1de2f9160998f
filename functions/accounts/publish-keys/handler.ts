import { http, ok, type Deps } from '#runtime/http'
import { PublishKeys } from './input'
import { openKeys } from './keys'

type Ports = { keys: { keys: object[] } }

/**
 * Publishes the keys that access tokens are verified with.
 *
 * Kiosk's own functions are given the same document when they start and never ask here. Five minutes in a cache is how
 * long a new key must be published before the first token is signed with it.
 */
export async function publishKeys(_: PublishKeys, { keys }: Deps & Ports) {
  return ok(keys, { 'Cache-Control': 'public, max-age=300' })
}

export default http(PublishKeys, publishKeys, { keys: openKeys })
