import { ReplayRequested } from '#events/platform/replay-requested.v1/event'
import { relayOf } from '#runtime/relay'

/** Sends what a crash left unsent in stock, and again what is asked for again. */
export default relayOf(ReplayRequested)
