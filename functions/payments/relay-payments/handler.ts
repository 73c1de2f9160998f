/** Sends what a crash left unsent in payments. */
export { relayFunction as default } from '#runtime/relay'
