/** Sends what a crash left unsent in catalog. */
export { relayFunction as default } from '#runtime/relay'
