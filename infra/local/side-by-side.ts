import type { Started } from './in-order'

/** Waits for several things that start at the same time. If one cannot be started, the others are ended. */
export async function startedSideBySide<S extends readonly Started[]>(
  ...starting: { [K in keyof S]: Promise<S[K]> }
): Promise<S> {
  const outcomes = await Promise.allSettled(starting)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await endAll(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])))
    throw failed.reason
  }
  return Promise.all(starting)
}

/** Ends all of them at the same time. */
export async function endAll(services: readonly Started[]): Promise<void> {
  await Promise.all(services.map((service) => service.stop()))
}
