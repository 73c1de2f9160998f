/** Sends what a crash left unsent in platform. */
export { relayFunction as default } from '#runtime/relay'
