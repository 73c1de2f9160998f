/** Sends what a crash left unsent in accounts. */
export { relayFunction as default } from '#runtime/relay'
