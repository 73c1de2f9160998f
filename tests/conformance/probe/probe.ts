import { randomUUID } from 'node:crypto'
import {
  accessSync,
  constants,
  lstatSync,
  read,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { deliveries, publish, take } from './sink'

/** What the host hands on, the body read. */
export type Request = IncomingMessage & { rawBody: Buffer; originalUrl: string }

type Answer = (request: Request, response: ServerResponse, query: URLSearchParams) => unknown

const instance = randomUUID()
const concurrency = { now: 0, most: 0 }

/** What the probe can be asked: `METHOD /path`, or a path for every method. Whatever is returned is sent as JSON. */
const answers: Record<string, Answer> = {
  '/request': ({ method, originalUrl, httpVersion, headers, rawHeaders, rawBody }) => {
    return { method, url: originalUrl, httpVersion, headers, rawHeaders, body: rawBody.toString('base64') }
  },
  'GET /process': ({ socket: { localPort } }) => {
    const { argv, env } = process
    const [uid, euid, gid] = [process.getuid?.(), process.geteuid?.(), process.getgid?.()]
    return { instance, argv, env, uid, euid, gid, port: localPort, concurrency }
  },
  'GET /file': (_request, _response, query) => fileAt(query.get('path')!),
  'GET /text': (_request, _response, query) => readFileSync(query.get('path')!, 'utf8'),
  'POST /writing': (_request, _response, query) => writingTo(query.get('path')!),
  'GET /stdin': () => stdin(),
  '/answer': (_request, response, query) => {
    response
      .writeHead(418, { 'X-Kept': query.get('word')!, 'Set-Cookie': ['a=1', 'b=2'] })
      .end('short and stout')
  },
  'GET /slow': async (_request, _response, query) => {
    await new Promise((resolve) => setTimeout(resolve, Number(query.get('ms'))))
    return { instance }
  },
  'POST /end': () => {
    setImmediate(() => process.kill(process.pid, 'SIGTERM'))
    return { instance }
  },
  'POST /crash': () => process.exit(3),
  'POST /publications': ({ rawBody }) => publish(rawBody),
  'GET /deliveries': (_request, _response, query) => deliveries(query.get('id')!),
  'POST /': (request, response) => take(request, response),
}

/** A function that answers what it sees, so that a platform can be held to its contract from outside. */
export default async function probe(request: Request, response: ServerResponse): Promise<void> {
  concurrency.now++
  concurrency.most = Math.max(concurrency.most, concurrency.now)
  response.once('close', () => concurrency.now--)
  const { pathname, searchParams } = new URL(request.originalUrl, 'http://probe')
  const [, place = '/'] = /^(\/[^/]*)/.exec(pathname) ?? []
  const answer = answers[place] ?? answers[`${request.method ?? ''} ${place}`]
  const said = answer ? await answer(request, response, searchParams) : undefined
  if (response.headersSent) return
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(said))
}

/** What `ls -l` would say of a path. */
function fileAt(path: string): object {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (!status) return { kind: 'absent' }
  const kind = status.isSymbolicLink() ? 'link' : status.isDirectory() ? 'folder' : 'file'
  const mode = (status.mode & 0o777).toString(8)
  return { kind, mode, readable: isReadable(path), ...(kind === 'link' && { target: readlinkSync(path) }) }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function writingTo(path: string): { written: boolean } {
  const file = `${path}/probe-${instance}`
  try {
    writeFileSync(file, 'written')
    return { written: readFileSync(file, 'utf8') === 'written' }
  } catch {
    return { written: false }
  } finally {
    rmSync(file, { force: true })
  }
}

/** `end` if there is nothing to read; an open input without anything would keep a reader waiting for ever. */
async function stdin(): Promise<'end' | 'open' | 'bytes'> {
  const reading = promisify(read)(0, Buffer.alloc(1), 0, 1, null).then(({ bytesRead }): 'end' | 'bytes' =>
    bytesRead === 0 ? 'end' : 'bytes',
  )
  const waiting = new Promise<'open'>((resolve) => setTimeout(() => resolve('open'), 1_000).unref())
  return Promise.race([reading, waiting])
}
