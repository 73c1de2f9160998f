import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Shop, until } from '../client'
import { stopLeftovers } from '../../local/processes/process-records'
import { foldersOf, portsFrom } from '../../local/layout'
import { runningPlatform } from '../../local/running'
import type { FunctionState } from '../../local/scaler/revision'
import { publicKeys, secretsIn } from '../../local/secrets'
import { domainUrl } from '../../local/services/postgres-domains'
import type { Leftovers } from './leftovers'

/** Below the ports that Linux gives to outgoing connections. */
const OFFSET = 9_400
const READY_WITHIN_MS = 90_000

/** Where the benchmark's platform listens: beside one that may run already. */
export const PORTS = portsFrom(OFFSET)

const NPM_START = ['npm', 'start', '--silent', '--']
const START = [process.execPath, 'dist/infra/local/start.cjs']

/** The embedded platform as a process of its own, with a state of its own. */
export class BenchPlatform {
  readonly shop = new Shop(`http://127.0.0.1:${PORTS.gateway}`, `http://127.0.0.1:${PORTS.mailbox}`)
  readonly natsUrl = `nats://127.0.0.1:${PORTS.nats}`
  #end: () => Promise<void> = () => Promise.resolve()

  constructor(
    private readonly left: Leftovers,
    readonly state = left.folder('platform'),
  ) {}

  /** As a person starts it: npm, the build, the platform. Milliseconds until it says that it is ready. */
  startByNpm = (): Promise<number> => this.#start(NPM_START)

  /** Without npm and without a build. Milliseconds until it says that it is ready. */
  start = (): Promise<number> => this.#start(START)

  /** As Ctrl-C ends it; its state stays. */
  stop = (): Promise<void> => this.#end()

  get pid(): number {
    const running = runningPlatform(foldersOf(process.cwd(), this.state))
    if (!running) throw new Error('the platform does not run')
    return running.pid
  }

  async functions(): Promise<FunctionState[]> {
    const answer = await fetch(`http://127.0.0.1:${PORTS.console}/state`)
    return ((await answer.json()) as { functions: FunctionState[] }).functions
  }

  /** Connection string of the superuser, database `postgres`. */
  get adminUrl(): string {
    return `postgres://postgres:${this.#password}@127.0.0.1:${PORTS.postgres}/postgres`
  }

  databaseUrl = (domain: string): string => domainUrl(this.adminUrl, this.#password, domain)

  /** What place-order finds in its environment, but for the brokers' address. */
  placeOrderEnvironment() {
    const { secrets } = secretsIn(join(this.state, 'secrets.json'))
    return {
      DATABASE_URL: this.databaseUrl('orders'),
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${PORTS.redisRest}`,
      UPSTASH_REDIS_REST_TOKEN: secrets.redisToken,
      KIOSK_JWKS: publicKeys(secrets),
      VIEW_CART_URL: this.shop.url,
      VIEW_PRODUCT_URL: this.shop.url,
    }
  }

  get #password(): string {
    return readFileSync(join(this.state, 'postgres/password'), 'utf8').trim()
  }

  async #start([command, ...words]: string[]): Promise<number> {
    const began = performance.now()
    const child = spawn(command!, [...words, `--state=${this.state}`, `--ports=+${OFFSET}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const gone = once(child, 'exit')
    this.#end = this.left.add(async () => {
      const running = runningPlatform(foldersOf(process.cwd(), this.state))
      if (running) process.kill(running.pid, 'SIGINT')
      else child.kill('SIGTERM')
      await gone
      // Interrupted before it was ready, it leaves its servers to whoever comes next.
      await stopLeftovers(join(this.state, 'run'))
    })
    let said = ''
    const ready = new Promise<number>((resolve) => {
      const hear = (bytes: Buffer) => {
        said += bytes.toString()
        if (said.includes('Ready in')) resolve(performance.now() - began)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
    })
    const failed = gone.then(() => {
      throw new Error(`the platform ended before it was ready: ${said.trim().split('\n').at(-1)}`)
    })
    failed.catch(() => undefined)
    return await Promise.race([ready, failed, tooLate()])
  }
}

const tooLate = () =>
  new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`the platform was not ready within ${READY_WITHIN_MS / 1000} s`))
    setTimeout(late, READY_WITHIN_MS).unref()
  })

/** Waits until no function starts, works or has something waiting, for half a second on end. */
export async function settled(platform: BenchPlatform): Promise<void> {
  let calmSince = performance.now()
  await until('the functions to have nothing to do', 30_000, async () => {
    const states = await platform.functions()
    const isCalm = states.every(({ starting, inFlight, queued }) => starting + inFlight + queued === 0)
    if (!isCalm) calmSince = performance.now()
    return performance.now() - calmSince > 500 || undefined
  })
}

/** Waits until no function has a process. */
export async function allAtZero(platform: BenchPlatform): Promise<void> {
  await until('all functions to be at zero', 150_000, async () => {
    const states = await platform.functions()
    await new Promise((resolve) => setTimeout(resolve, 500))
    return states.every(({ ready, starting }) => ready + starting === 0) || undefined
  })
}
