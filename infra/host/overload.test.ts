import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { ask, pause, until, type Answer } from '#support/ask'
import { tinyFunctions } from '#support/tiny-functions'
import { freePort } from '../local/scaler/free-port'
import { mostHeap, mostMemory, Overload, type Memory } from './overload'

const MB = 1_048_576

describe('overload', () => {
  const state = { at: 0, used: 0, garbage: 0, looks: 0, collections: 0 }
  const memory: Memory = {
    now: () => state.at,
    shares: () => {
      state.looks++
      return [
        { used: 0, most: 50 },
        { used: state.used + state.garbage, most: 90 },
      ]
    },
    collect: () => {
      state.collections++
      state.garbage = 0
    },
  }
  const overload = () => new Overload(memory)
  beforeEach(() => void Object.assign(state, { at: 0, used: 0, garbage: 0, looks: 0, collections: 0 }))

  test('refuses when a limit is nearly reached, and no more when there is room again', () => {
    const guard = overload()
    state.used = 90
    expect(guard.refuses(1)).toBe(false)
    state.used = 91
    state.at += 10
    expect(guard.refuses(1)).toBe(true)
    state.used = 50
    state.at += 10
    expect(guard.refuses(1)).toBe(false)
  })

  test('refuses nobody for garbage', () => {
    Object.assign(state, { used: 40, garbage: 60 })

    expect(overload().refuses(1)).toBe(false)
  })

  test('finds room that only a collection shows, once a second', () => {
    const guard = overload()
    state.used = 100
    expect(guard.refuses(1)).toBe(true)
    Object.assign(state, { at: 990, used: 40, garbage: 60 })
    expect([guard.refuses(1), state.collections]).toEqual([true, 1])
    state.at = 1_000
    expect([guard.refuses(1), state.collections]).toEqual([false, 2])
  })

  test('takes one request at a time however full it is, since only work makes room', () => {
    state.used = 100

    expect(overload().refuses(0)).toBe(false)
  })

  test('looks at memory a hundred times a second at the most', () => {
    const guard = overload()
    for (let n = 0; n < 1_000; n++) guard.refuses(1)

    expect(state.looks).toBe(1)
  })

  test('bounds how many are under way', () => {
    expect([overload().refuses(255), overload().refuses(256)]).toEqual([false, true])
  })

  test('knows what limits there are', () => {
    expect(mostHeap(112 * MB)).toBe(48 * MB)
    expect(mostHeap(50 * MB)).toBe(18.75 * MB)
    expect(mostMemory(200 * MB, 8_192 * MB)).toBe(180 * MB)
    expect([undefined, 0, 2 ** 64].map((none) => mostMemory(none, 8_192 * MB))).toEqual(
      Array(3).fill(Infinity),
    )
  })
})

describe('a function in little memory', () => {
  const functions = tinyFunctions()
  const hoarder = functions.write(
    'hoarder',
    `((held, waiting) => {
      process.on('SIGUSR2', () => {
        held.length = 0
        for (const response of waiting.splice(0)) response.end('done')
      })
      return async ({ originalUrl }, response) => {
        if (originalUrl === '/wait') {
          waiting.push(response)
          console.log('waiting')
        } else {
          held.push(Array.from({ length: 40_000 }, (_, at) => ({ at })))
          response.end('kept')
        }
      }
    })([], [])`,
  )
  let child: ChildProcess
  afterEach(() => void child.kill('SIGKILL'))

  test('refuses before memory runs out, answers what it began, and takes requests again', async () => {
    const port = await freePort()
    child = spawn(process.execPath, ['--max-old-space-size=48', functions.hostBundle], {
      env: { PORT: String(port), FUNCTION_BUNDLE: hoarder, LISTEN_ADDRESS: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()))
    while (!(await ask(port, '/health/readiness').catch(() => undefined))) await pause(10)
    const begun = ask(port, '/wait')
    await until(() => output.includes('waiting'))

    const refused = await untilRefused(() =>
      ask(port, '/keep', { method: 'POST', body: 'x'.repeat(100_000) }),
    )

    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
    expect(refused.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(refused.body)).toMatchObject({
      type: 'https://kiosk.example/problems/platform/unavailable',
      status: 503,
    })
    for (const path of ['/health/liveness', '/health/readiness']) {
      expect((await ask(port, path)).status).toBe(200)
    }
    expect(output).toContain('new requests are refused')

    child.kill('SIGUSR2')
    expect(await begun).toMatchObject({ status: 200, body: 'done' })
    const again = ask(port, '/wait')
    await until(() => output.split('waiting').length === 3)
    await untilTaken(() => ask(port, '/keep'))
    child.kill('SIGUSR2')
    expect((await again).body).toBe('done')
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })

  /** What it gave up is room only after a collection, which it allows itself once a second. */
  async function untilTaken(send: () => Promise<Answer>): Promise<void> {
    while ((await send()).status !== 200) await pause(50)
  }

  /** Slowly enough for the function to look at its memory in between; a process that dies rejects. */
  async function untilRefused(send: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await send()
      if (answer.status !== 200) return answer
      await pause(15)
    }
  }
})
