import { Redis } from 'ioredis'

/** Redis is away, or went away before it answered. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** One connection that many share. */
export interface RedisConnection {
  /**
   * Does `work` with the connection. Fails with `Unreachable` when there is none for half a second, and when it is lost
   * before the answer: then the work may have happened, and whether to do it again is the caller's to decide.
   */
  use<T>(work: (redis: Redis) => Promise<T>): Promise<T>
  close(): void
}

const WAIT_MS = 500
const RECONNECT_MS = 50

/**
 * Connects, and connects again for as long as it takes. ioredis itself would either send lost commands a second time
 * or never settle them (`autoResendUnfulfilledCommands`), so those underway are failed here.
 */
export function connectRedis(url: string): RedisConnection {
  const redis = new Redis(url, {
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    disableClientInfo: true,
    maxRetriesPerRequest: null,
    retryStrategy: () => RECONNECT_MS,
  })
  const underway = new Set<(error: Error) => void>()
  // While it is away every request waits for it, however many there are.
  redis.setMaxListeners(0)
  // Whoever asks is told; and it connects again by itself.
  redis.on('error', () => undefined)
  redis.on('close', () => {
    for (const fail of underway) fail(new Unreachable('the connection to Redis was lost'))
  })
  const use = async <T>(work: (redis: Redis) => Promise<T>): Promise<T> => {
    if (redis.status !== 'ready') await becomesReady(redis)
    return new Promise<T>((resolve, reject) => {
      underway.add(reject)
      work(redis)
        .then(resolve, (error: unknown) =>
          reject(isReply(error as Error) ? (error as Error) : new Unreachable((error as Error).message)),
        )
        .finally(() => underway.delete(reject))
    })
  }
  return { use, close: () => redis.disconnect() }
}

/** Whether Redis itself refused, as opposed to not having been asked. */
export const isReply = ({ name }: Error): boolean => name === 'ReplyError'

async function becomesReady(redis: Redis): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const ready = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      redis.off('ready', ready)
      reject(new Unreachable('Redis cannot be reached'))
    }, WAIT_MS)
    redis.once('ready', ready)
  })
}
