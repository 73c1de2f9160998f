import { Redis } from '@upstash/redis'
import { setting, type Environment } from './operation'

/** Redis over the Upstash REST protocol. Values are text: nothing is parsed behind the caller's back. */
export type Cache = Redis

/**
 * One try only, then the caller decides: a cache that is away must not make a request wait. Who has another place to
 * read from waits for less than the usual time.
 */
export function openCache(env: Environment, { timeoutMs = 3000 } = {}): Cache {
  return new Redis({
    url: setting(env, 'UPSTASH_REDIS_REST_URL'),
    token: setting(env, 'UPSTASH_REDIS_REST_TOKEN'),
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: { retries: 0, backoff: () => 0 },
    signal: () => AbortSignal.timeout(timeoutMs),
  })
}
