import { startRedisRest } from '../local/services/redis-rest'

/**
 * The REST front of a Redis as a program of its own, for an image: REDIS_URL, UPSTASH_REDIS_REST_TOKEN, PORT. It keeps
 * no state, so any number may stand beside each other.
 */
async function main({ env }: NodeJS.Process): Promise<void> {
  const { REDIS_URL: redisUrl, UPSTASH_REDIS_REST_TOKEN: token, PORT = '8080' } = env
  if (!redisUrl || !token) throw new Error('REDIS_URL or UPSTASH_REDIS_REST_TOKEN is not set')
  const rest = await startRedisRest({ redisUrl, token, port: Number(PORT), listen: '0.0.0.0' })
  const end = () => void rest.stop().then(() => process.exit(0))
  process.once('SIGTERM', end).once('SIGINT', end)
}

// A rejection ends the process with its message, which is what a program that cannot start should do.
void main(process)
