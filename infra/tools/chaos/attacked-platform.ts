import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { foldersOf, portsFrom } from '../../local/layout'
import { isRunning, type ProcessRecord } from '../../local/processes/process-records'
import { ADMIN_EMAIL, secretsIn } from '../../local/secrets'
import { domainUrl } from '../../local/services/postgres-domains'
import { Shop, until } from '../client'
import { openLink, type Link } from './link'
import { processesBelow } from './processes'

export const LINKS = ['postgres', 'nats', 'redis', 'sandbox'] as const
export type LinkName = (typeof LINKS)[number]

const READY_WITHIN_MS = 180_000

/**
 * An embedded platform that may be attacked: with ports and a folder of its own, a clock that can be moved, a payment
 * sandbox in a process of its own, and something in front of every service that can disturb the way there.
 */
export class AttackedPlatform {
  readonly shop: Shop
  readonly ports
  readonly folders
  readonly links = {} as Record<LinkName, Link>
  readonly log: string
  readonly #gatewayPort: number
  #platform: ChildProcess | undefined
  #sandbox: ChildProcess | undefined
  #sandboxWanted = true
  #ahead = 0

  constructor(
    readonly state: string,
    offset: number,
  ) {
    this.ports = portsFrom(offset)
    this.folders = foldersOf('.', state)
    this.shop = new Shop(`http://127.0.0.1:${this.ports.gateway}`, `http://127.0.0.1:${this.ports.mailbox}`)
    this.log = join(state, 'platform.log')
    // Next to the platform's own, which nobody asks.
    this.#gatewayPort = this.ports.sandbox + 1
  }

  async start(): Promise<void> {
    mkdirSync(this.state, { recursive: true })
    this.#setClock()
    const real = { ...this.ports, redis: this.ports.redisRest, sandbox: this.#gatewayPort }
    for (const name of LINKS) this.links[name] = await openLink(real[name])
    this.#startSandbox()
    await this.#startPlatform()
  }

  /** The platform's own process is killed, with its brokers, its gateway and its scaler, and started again as by hand. */
  async crash(): Promise<void> {
    const gone = once(this.#platform!, 'exit')
    this.#platform!.kill('SIGKILL')
    await gone
    // Who starts it by hand starts it again if a port was just taken.
    await this.#startPlatform().catch(() => this.#startPlatform())
  }

  /** An access token of its administrator. */
  admin(): Promise<string> {
    return this.shop.logIn(ADMIN_EMAIL, secretsIn(this.folders.secrets).secrets.adminPassword)
  }

  /** The address of a domain's database, past everything that stands between. */
  databaseUrl(domain: string): string {
    const password = readFileSync(join(this.state, 'postgres/password'), 'utf8').trim()
    return domainUrl(
      `postgres://postgres:${password}@127.0.0.1:${this.ports.postgres}/postgres`,
      password,
      domain,
    )
  }

  /** Asks the gateway itself, past everything that stands between. */
  async gateway<B>(path: string): Promise<B> {
    const { gatewayKey } = secretsIn(this.folders.secrets).secrets
    const headers = { authorization: `Bearer ${gatewayKey}` }
    const answer = await fetch(`http://127.0.0.1:${this.#gatewayPort}${path}`, { headers })
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status} to ${path}`)
    return (await answer.json()) as B
  }

  moveClock(ms: number): void {
    this.#ahead += ms
    this.#setClock()
  }

  readonly now = (): Date => new Date(Date.now() + this.#ahead)

  /** What runs of a service, its children too; of the functions, one list for each process. */
  processesOf(target: string): number[][] {
    if (target === 'sandbox' || target === 'platform') {
      const child = target === 'sandbox' ? this.#sandbox : this.#platform
      return child?.pid === undefined ? [] : [[child.pid]]
    }
    if (target === 'function') {
      const all = processesBelow(this.#platform?.pid ?? 0)
      return all.filter(({ environment }) => environment['K_SERVICE']).map(({ pid }) => [pid])
    }
    try {
      const file = join(this.folders.run, `${target}.json`)
      const record = JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord
      if (!isRunning(record)) return []
      return [[record.pid, ...processesBelow(record.pid).map(({ pid }) => pid)]]
    } catch {
      // Between its end and its next start there is no record of it.
      return []
    }
  }

  /** Stops everything; its folder stays for whoever wants to look. */
  async end(): Promise<void> {
    this.#sandboxWanted = false
    for (const child of [this.#platform, this.#sandbox]) {
      if (!child || child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGCONT')
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
    await Promise.all(Object.values(this.links).map((link) => link.close()))
  }

  forget(): void {
    rmSync(this.state, { recursive: true, force: true })
  }

  async #startPlatform(): Promise<void> {
    const log = openSync(this.log, 'a')
    const { size } = fstatSync(log)
    const words = [
      ...['dist/infra/local/start.cjs', `--state=${this.state}`, '--clock=movable'],
      `--ports=+${this.ports.gateway - portsFrom(0).gateway}`,
      ...LINKS.map((name) => `--detour=${name}:${this.links[name].port}`),
    ]
    const platform = spawn(process.execPath, words, { stdio: ['ignore', log, log] })
    this.#platform = platform
    closeSync(log)
    await until('the platform to be ready', READY_WITHIN_MS, () => {
      const said = readFileSync(this.log).subarray(size).toString()
      if (platform.exitCode !== null || platform.signalCode !== null)
        throw new Error(`the platform ended before it was ready:\n${said.trim()}`)
      return Promise.resolve(said.includes('Ready in') || undefined)
    })
  }

  #startSandbox(): void {
    const { gatewayKey: apiKey, noticeSecret } = secretsIn(this.folders.secrets).secrets
    const settings = {
      ...{ apiKey, noticeSecret, port: this.#gatewayPort, clock: this.folders.clock },
      folder: join(this.state, 'gateway'),
      noticeUrl: `${this.shop.url}/v1/payments/notices`,
    }
    const words = ['dist/infra/tools/chaos-sandbox-process.cjs', JSON.stringify(settings)]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
    this.#sandbox = child
    // Another's machine: it comes back by itself.
    child.once('exit', () => {
      if (this.#sandboxWanted) setTimeout(() => this.#sandboxWanted && this.#startSandbox(), 200)
    })
  }

  #setClock(): void {
    const { clock } = this.folders
    writeFileSync(`${clock}.new`, `${this.#ahead}\n`)
    renameSync(`${clock}.new`, clock)
  }
}
