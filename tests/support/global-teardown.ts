import './global-setup'

/** Stops what the set-up started, and leaves nothing on the disk. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.kioskTestServers?.stop()
}
