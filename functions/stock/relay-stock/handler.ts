/** Sends what a crash left unsent in stock. */
export { relayFunction as default } from '#runtime/relay'
