/** Something that was started and can be ended. */
export interface Started {
  stop(): Promise<void>
}

/** Takes what was started, to be ended with the rest, and gives it back. */
export type Keep = <S extends Started>(service: S) => S

/**
 * Starts several things one after another. If one cannot be started, those before it are ended; `stop` ends all of them,
 * the last first, since each stands on those before it.
 */
export async function startedInOrder<T extends object>(
  start: (keep: Keep) => Promise<T>,
): Promise<T & Started> {
  const kept: Started[] = []
  const stop = async () => {
    for (const service of kept.splice(0).reverse()) await service.stop()
  }
  const keep: Keep = (service) => {
    kept.push(service)
    return service
  }
  try {
    return { ...(await start(keep)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
