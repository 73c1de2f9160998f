import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ask, pause, until, type Answer } from '#support/ask'
import { tinyFunctions } from '#support/tiny-functions'
import { freePort } from '../local/scaler/free-port'

const functions = tinyFunctions()
const echo = functions.write(
  'echo',
  `async (request, response) => {
    const { method, originalUrl, rawBody, body } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, url: originalUrl, raw: rawBody.toString('base64'), parsed: body !== undefined }))
  }`,
)
const slow = functions.write(
  'slow',
  `((told) => Object.assign(async (request, response) => {
    console.log('begun')
    await told
    await new Promise((resolve) => setTimeout(resolve, 50))
    response.end('done')
  }, { drain: async () => { await new Promise((resolve) => setTimeout(resolve, 50)); console.log('drained') } }))(
    new Promise((resolve) => { for (const how of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(how, resolve) }))`,
)
const broken = functions.write(
  'broken',
  `async (request, response) => {
    if (request.originalUrl === '/reject') throw new Error('a secret')
    response.end('bye')
    setTimeout(() => { throw new Error('after the answer') }, 20)
  }`,
)

interface Host {
  port: number
  child: ChildProcess
  output: () => string
}

const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

async function hosting(bundle: string, ipc = false, env: Record<string, string> = {}): Promise<Host> {
  const port = await freePort()
  const child = spawn(process.execPath, [functions.hostBundle], {
    env: { PORT: String(port), FUNCTION_BUNDLE: bundle, LISTEN_ADDRESS: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  })
  started.push(child)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  while (!(await ask(port, '/health/readiness').catch(() => undefined))) await pause(10)
  return { port, child, output: () => output }
}

const kindOf = ({ body }: Answer) => (JSON.parse(body) as { type: string }).type.split('/').pop()

test('answers health on both families of paths', async () => {
  const { port } = await hosting(echo)

  for (const path of ['/health/liveness', '/health/readiness', '/_/health', '/_/ready']) {
    expect((await ask(port, path)).status).toBe(200)
  }
})

test.each([
  ['application/json', {}, '{"a": 1'],
  ['application/json; charset=nonsense', {}, '{}'],
  ['application/json', { 'content-encoding': 'gzip' }, 'not gzip'],
  ['application/json', { 'content-encoding': 'nonsense' }, 'x'],
  ['application/cloudevents+json', {}, '{'],
  ['text/plain; charset=nonsense', {}, 'hello'],
  ['application/x-www-form-urlencoded; charset=nonsense', {}, 'a=1'],
  ['application/x-www-form-urlencoded', {}, 'a=1&'.repeat(2_000)],
  ['application/octet-stream', {}, '\u0000\u0001'],
  ['nonsense', {}, 'x'],
])('hands on a body of %s as its bytes, parsed by nobody (%#)', async (type, headers, body) => {
  const { port } = await hosting(echo)

  const answer = await ask(port, '/v1/x?y=1', {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  })

  expect(answer.status).toBe(200)
  const raw = Buffer.from(body).toString('base64')
  expect(JSON.parse(answer.body)).toEqual({ method: 'POST', url: '/v1/x?y=1', raw, parsed: false })
})

test('takes a body of 1 MiB and refuses one more byte, announced or not', async () => {
  const { port } = await hosting(echo)
  const whole = Buffer.alloc(1_048_576, 'x')
  const over = Buffer.alloc(1_048_577, 'x')

  const taken = await ask(port, '/', { method: 'POST', body: whole })
  const announced = await ask(port, '/', { method: 'POST', body: over })
  const chunked = await ask(port, '/', {
    method: 'POST',
    headers: { 'transfer-encoding': 'chunked' },
    body: over,
  })

  expect(taken.status).toBe(200)
  for (const refused of [announced, chunked]) {
    expect(refused.status).toBe(413)
    expect(refused.headers['content-type']).toBe('application/problem+json')
    expect(kindOf(refused)).toBe('request-too-large')
  }
})

test('refuses in problem+json what the framework would answer with HTML', async () => {
  const { port } = await hosting(echo)

  const answers = [await ask(port, '/%E0%A4%A'), await ask(port, '/%ff'), await ask(port, '/favicon.ico')]

  expect(answers.map(kindOf)).toEqual(['malformed-request', 'malformed-request', 'no-such-route'])
})

test('refuses bytes that are no HTTP', async () => {
  const { port } = await hosting(echo)
  const socket = connect(port, '127.0.0.1')
  socket.end('this is no HTTP\r\n\r\n')

  const answer = await text(socket)

  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('https://kiosk.example/problems/platform/malformed-request')
})

test('says nothing of an error that a function let out', async () => {
  const { port } = await hosting(broken)

  const answer = await ask(port, '/reject', {
    headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  })

  expect(answer.status).toBe(500)
  expect(answer.body).not.toContain('secret')
  expect(answer.body).toContain(`urn:trace:${'a'.repeat(32)}`)
})

test('ends with 1 and a line of JSON after an exception nobody caught', async () => {
  const { port, child, output } = await hosting(broken)
  const exited = once(child, 'close')

  await ask(port, '/')
  const [code] = (await exited) as [number]

  expect(code).toBe(1)
  const last = JSON.parse(output().trim().split('\n').pop()!) as { level: string; error: { message: string } }
  expect(last).toMatchObject({ level: 'error', error: { message: 'after the answer' } })
})

test.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)(
  'on %s finishes what it began and then drains',
  async (how) => {
    const { port, child, output } = await hosting(slow, true)
    const exited = once(child, 'exit')

    const underWay = ask(port, '/')
    await until(() => output() === 'begun\n')
    if (how === 'disconnect') child.disconnect()
    else child.kill(how)
    const answer = await underWay

    expect(answer.body).toBe('done')
    expect(answer.headers['connection']).toBe('close')
    expect(await exited).toEqual([0, null])
    await until(() => output().endsWith('drained\n'))
    expect(output()).toBe('begun\ndrained\n')
    await expect(ask(port, '/')).rejects.toThrow()
  },
)

test('gives a function the secrets that come as files, and lets a variable win', async () => {
  const folder = join(functions.folder, 'secrets')
  mkdirSync(folder)
  writeFileSync(join(folder, 'redis'), 'REDIS_URL=http://redis\nREDIS_TOKEN=from-file\n')
  writeFileSync(join(folder, 'DATABASE_URL'), 'postgres://orders\n')
  const says = functions.write(
    'says',
    `((seen) => async (request, response) => response.end(seen))(
      [process.env.REDIS_URL, process.env.REDIS_TOKEN, process.env.DATABASE_URL].join(' '))`,
  )

  const { port } = await hosting(says, false, { KIOSK_SECRETS: folder, REDIS_TOKEN: 'from-variable' })

  expect((await ask(port, '/')).body).toBe('http://redis from-variable postgres://orders')
})

test('says what is wrong with a bundle it cannot serve', async () => {
  const child = spawn(process.execPath, [functions.hostBundle], {
    env: { FUNCTION_BUNDLE: functions.write('nothing', '42') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'close')

  const said = await text(child.stderr)

  expect(said).toContain('has no function as its default export')
  expect(await exited).toEqual([1, null])
})
