import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ChainableCommander } from 'ioredis'
import { connectRedis, isReply, Unreachable, type RedisConnection } from './redis-connection'

export interface RedisRestOptions {
  redisUrl: string
  port: number
  token: string
  listen?: string
}

export interface RedisRest {
  url: string
  stop(): Promise<void>
}

type Command = [name: string, ...args: string[]]
type Reply = { result: unknown } | { error: string }

/** An answer other than 200. */
class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

const MOST_BYTES = 10 * 1024 * 1024

/** All callers share one connection: what would change its state, or hold it, is refused. */
const UNSHAREABLE = new Set(
  (
    'auth blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin client discard exec hello monitor multi ' +
    'psubscribe punsubscribe quit reset select ssubscribe subscribe sunsubscribe unsubscribe unwatch wait watch'
  ).split(' '),
)

/**
 * Offers a Redis server over HTTP as Upstash does (https://upstash.com/docs/redis/features/restapi): one command at
 * `/`, many at `/pipeline`, a transaction at `/multi-exec`, results in Base64 when the caller asks for it, as
 * @upstash/redis always does. While Redis is away a request is answered 503 after half a second.
 */
export async function startRedisRest(options: RedisRestOptions): Promise<RedisRest> {
  const { redisUrl, port, token, listen = '127.0.0.1' } = options
  const redis = connectRedis(redisUrl)
  const server = createServer((request, response) => {
    void answer(redis, token, request, response)
  })
  // Longer than any client keeps an idle connection, so that none is closed under a request on its way.
  server.keepAliveTimeout = 120_000
  await listening(server, port, listen).catch((error: unknown) => {
    redis.close()
    throw error
  })
  const stop = async () => {
    redis.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://${listen}:${port}`, stop }
}

async function answer(
  redis: RedisConnection,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (!isBearer(request.headers.authorization, token)) throw new Refused(401, 'Unauthorized')
    const encode = request.headers['upstash-encoding'] === 'base64' ? asBase64 : asText
    const replies = await carryOut(redis, request.url ?? '/', await bodyOf(request))
    send(
      response,
      200,
      Array.isArray(replies) ? replies.map((reply) => written(reply, encode)) : written(replies, encode),
    )
  } catch (error) {
    const status = error instanceof Refused ? error.status : error instanceof Unreachable ? 503 : 400
    send(response, status, { error: (error as Error).message })
  }
}

async function carryOut(redis: RedisConnection, path: string, body: unknown): Promise<Reply | Reply[]> {
  if (path === '/') {
    const [name, ...args] = commandFrom(body)
    return { result: await redis.use((client) => client.callBuffer(name, ...args)) }
  }
  if (path !== '/pipeline' && path !== '/multi-exec') throw new Refused(404, `there is nothing at ${path}`)
  if (!Array.isArray(body) || body.length === 0)
    throw new Refused(400, 'ERR an array of commands is expected')
  const commands = body.map(commandFrom)
  return redis.use((client) => runAll(path === '/pipeline' ? client.pipeline() : client.multi(), commands))
}

async function runAll(batch: ChainableCommander, commands: Command[]): Promise<Reply[]> {
  for (const [name, ...args] of commands) batch.callBuffer(name, ...args)
  const results = (await batch.exec()) ?? []
  const unsent = results.find(([error]) => error !== null && !isReply(error))
  if (unsent?.[0]) throw unsent[0]
  return results.map(([error, result]) => (error ? { error: error.message } : { result }))
}

function commandFrom(body: unknown): Command {
  if (!Array.isArray(body) || body.length === 0) throw new Refused(400, 'ERR a command is an array of words')
  const [name = '', ...args] = body.map((word) => (typeof word === 'string' ? word : JSON.stringify(word)))
  if (UNSHAREABLE.has(name.toLowerCase())) throw new Refused(400, `ERR ${name} is not available over REST`)
  // In capitals, ioredis knows none of them and passes every answer on as Redis gave it (HGETALL is a list, not a map).
  return [name.toUpperCase(), ...args]
}

type Encode = (text: Buffer, nested: boolean) => string

const asText: Encode = (text) => text.toString()

/** @upstash/redis takes a bare OK as it is, but not inside an array. */
const asBase64: Encode = (text, nested) =>
  !nested && text.equals(Buffer.from('OK')) ? 'OK' : text.toString('base64')

const written = (reply: Reply, encode: Encode): Reply =>
  'error' in reply ? reply : { result: encoded(reply.result, encode, false) }

function encoded(result: unknown, encode: Encode, nested: boolean): unknown {
  if (Array.isArray(result)) return result.map((element) => encoded(element, encode, true))
  if (Buffer.isBuffer(result)) return encode(result, nested)
  if (result instanceof Error) return encode(Buffer.from(result.message), nested)
  return typeof result === 'string' ? encode(Buffer.from(result), nested) : result
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Refused(413, 'ERR the request is larger than 10 MB')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } catch {
    throw new Refused(400, 'ERR the request is not JSON')
  }
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const listening = (server: Server, port: number, host: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
