import { ReplayRequested } from '#events/platform/replay-requested.v1/event'
import { relayOf } from '#runtime/relay'
import { FORGOTTEN } from './retention'

/** Sends what a crash left unsent in platform, and again what is asked for again. */
export default relayOf(ReplayRequested, FORGOTTEN)
