import { Redis, type RedisConfigNodejs } from '@upstash/redis'
import { setting, type Environment } from './operation'
import { resilience, type Bounds, type Call } from './resilience'

/** Redis over the Upstash REST protocol. Values are text: nothing is parsed behind the caller's back. */
export type Cache = Redis

const BOUNDS: Bounds = { timeoutMs: 3_000, concurrency: 32, queue: 256 }

/** Redis answered, and the answer is an error: what is wrong is the question. What stands before Redis answers for itself. */
const isAnswer = ({ name, message }: Error) =>
  name === 'UpstashError' && !/redis is not reachable|connection to redis was lost/i.test(message)

/**
 * One try only, then the caller decides: a cache that is away must not make a request wait, and is not even asked while its
 * circuit is open. Who has another place to read from waits for less than the usual time.
 */
export function openCache(env: Environment, bounds: Partial<Bounds> = {}): Cache {
  const call = resilience('redis', { ...BOUNDS, ...bounds }, { isFailure: (error) => !isAnswer(error) })
  return new BoundedRedis(call, {
    url: setting(env, 'UPSTASH_REDIS_REST_URL'),
    token: setting(env, 'UPSTASH_REDIS_REST_TOKEN'),
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: { retries: 0, backoff: () => 0 },
  })
}

/** Its requests are made within bounds; one request may carry many commands. */
class BoundedRedis extends Redis {
  constructor(call: Call, config: RedisConfigNodejs) {
    super(config)
    const { client } = this
    const request = client.request.bind(client)
    client.request = <T>(asked: Parameters<typeof request>[0]) =>
      call(async (signal) => {
        const answer = await request<T>({ ...asked, signal })
        // It takes the end of its own patience for an answer of Redis'.
        signal.throwIfAborted()
        return answer
      })
  }
}
