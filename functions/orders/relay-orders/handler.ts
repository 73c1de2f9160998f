/** Sends what a crash left unsent in orders. */
export { relayFunction as default } from '#runtime/relay'
