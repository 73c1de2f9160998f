import { relayOf } from '#runtime/relay'
import { FORGOTTEN } from './retention'

/**
 * Forgets what mail need not remember any more, and tells how mail's database is.
 *
 * Mail announces nothing, so there is nothing to send again: of what a relay does, the rest is left.
 */
export default relayOf(undefined, FORGOTTEN)
