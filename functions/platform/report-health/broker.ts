import { setting, type Environment } from '#runtime/operation'

/** A port: resolves when the broker's ingress answers at all. */
export type ReachBroker = () => Promise<void>

const TIMEOUT_MS = 2_000

/** Any answer below 500 will do: an ingress takes events and says 405 to a GET. */
export function brokerAt(env: Environment): ReachBroker {
  const { origin } = new URL(setting(env, 'K_SINK'))
  return async () => {
    const { status, body } = await fetch(origin, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    await body?.cancel()
    if (status >= 500) throw new Error(`the broker answered ${status}`)
  }
}
