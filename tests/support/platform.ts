import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Shop, until } from '../../infra/tools/client'

/** The embedded platform as its own process, on other ports and in a folder of its own. */
export class RunningPlatform {
  readonly state = mkdtempSync(join(tmpdir(), 'kiosk-platform-'))
  readonly shop: Shop
  output = ''
  #process: ChildProcess | undefined

  constructor(readonly offset: number) {
    this.shop = new Shop(`http://127.0.0.1:${8080 + offset}`, `http://127.0.0.1:${1080 + offset}`)
  }

  get broker() {
    return `http://127.0.0.1:${8081 + this.offset}`
  }

  get pid(): number {
    return this.#process!.pid!
  }

  /** `npm start` without the build; resolves when it says that it is ready. */
  async start(): Promise<void> {
    this.output = ''
    const args = ['dist/infra/local/start.cjs', `--state=${this.state}`, `--ports=+${this.offset}`]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    child.stdout.on('data', (bytes: Buffer) => (this.output += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (this.output += bytes.toString()))
    await until(`the platform to be ready`, 150_000, () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the platform ended:\n${this.output}`)
      return Promise.resolve(this.output.includes('Ready in') || undefined)
    })
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** As if the machine had lost its power: every process is gone, and what the brokers had not brought to the disk. */
  async loseMachine(): Promise<void> {
    const processes = this.descendants()
    await this.kill('SIGKILL')
    for (const pid of processes) endNow(pid)
    rmSync(join(this.state, 'nats/jetstream'), { recursive: true, force: true })
    const run = join(this.state, 'run')
    for (const file of readdirSync(run)) {
      const record = readFileSync(join(run, file), 'utf8')
      writeFileSync(join(run, file), record.replace(/@[0-9a-f-]{36}/g, '@an-earlier-boot'))
    }
  }

  /** Ctrl-C, and nothing is kept. */
  async end(): Promise<void> {
    await this.kill('SIGINT')
    rmSync(this.state, { recursive: true, force: true })
  }

  async admin(): Promise<string> {
    const { adminPassword } = JSON.parse(readFileSync(join(this.state, 'secrets.json'), 'utf8')) as {
      adminPassword: string
    }
    return this.shop.logIn('admin@kiosk.example', adminPassword)
  }

  async console(): Promise<ConsoleState> {
    const response = await fetch(`http://127.0.0.1:${8090 + this.offset}/state`)
    return (await response.json()) as ConsoleState
  }

  /** Every process that the platform started, and those that they started. */
  descendants(): number[] {
    const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
    const below = (parent: number): number[] =>
      pairs.filter(([, ppid]) => ppid === parent).flatMap(([pid]) => [pid, ...below(pid)])
    return below(this.pid)
  }

  /** The processes of one function. */
  pidsOf(name: string): number[] {
    return this.descendants().filter((pid) => environmentOf(pid).includes(`K_SERVICE=${name}`))
  }

  isAlive(pid: number): boolean {
    try {
      return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }

  /** Ends all processes of one function in the middle of their work; one that has just gone is no error. */
  killAll(name: string): void {
    for (const pid of this.pidsOf(name)) endNow(pid)
  }

  /** Pids of a supervised program (`postgres`, `nats`, `redis`, `mailbox`). */
  pidOf(program: string): number {
    return (JSON.parse(readFileSync(join(this.state, 'run', `${program}.json`), 'utf8')) as { pid: number })
      .pid
  }
}

export interface ConsoleState {
  functions: { name: string; ready: number; starting: number; inFlight: number; queued: number }[]
  pending: Record<string, { waiting: number; unsettled: number }>
  deadLetters: { id: string; type: string; trigger: string }[]
  feed: { what: string; subject: string; function?: string }[]
}

export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

/** A request to order one kind of item. */
export const wish = (sku: string, quantity: number, price: number, paymentMethod?: string) => ({
  lines: [{ sku, quantity }],
  confirmedTotal: quantity * price,
  currency: 'EUR',
  shippingAddress: ADDRESS,
  ...(paymentMethod !== undefined && { paymentMethod }),
})

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}
