import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldersOf, portsFrom } from '../../local/layout'
import { ADMIN_EMAIL, secretsIn } from '../../local/secrets'
import { domainUrl } from '../../local/services/postgres-domains'
import { Shop } from '../client'

const READY_WITHIN_MS = 180_000

/**
 * An embedded platform of a tool's own: other ports, a folder that is gone afterwards, nothing of the platform that a
 * person may have running. `end` is to be called always.
 */
export class OwnPlatform {
  readonly shop: Shop
  readonly #process
  readonly #gone
  #ahead = 0
  #said = ''

  constructor(
    readonly offset: number,
    options: string[] = [],
    readonly state = mkdtempSync(join(tmpdir(), 'kiosk-own-')),
  ) {
    const { gateway, mailbox } = portsFrom(offset)
    this.shop = new Shop(`http://127.0.0.1:${gateway}`, `http://127.0.0.1:${mailbox}`)
    const words = ['dist/infra/local/start.cjs', `--state=${state}`, `--ports=+${offset}`, ...options]
    this.#process = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#gone = once(this.#process, 'exit')
  }

  /** Resolves when it says that it is ready; what it said otherwise is the error. */
  async ready(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      const hear = (bytes: Buffer) => {
        this.#said += bytes.toString()
        if (this.#said.includes('Ready in')) resolve()
      }
      this.#process.stdout.on('data', hear)
      this.#process.stderr.on('data', hear)
    })
    const failed = this.#gone.then(() => {
      throw new Error(`the platform ended before it was ready:\n${this.#said.trim()}`)
    })
    failed.catch(() => undefined)
    const late = new Promise<never>((_, reject) => {
      const told = new Error(`the platform was not ready within ${READY_WITHIN_MS / 1000} s:\n${this.#said}`)
      setTimeout(() => reject(told), READY_WITHIN_MS).unref()
    })
    await Promise.race([ready, failed, late])
  }

  /** An access token of its administrator. */
  admin(): Promise<string> {
    return this.shop.logIn(ADMIN_EMAIL, secretsIn(foldersOf('.', this.state).secrets).secrets.adminPassword)
  }

  /** The address of a domain's database. */
  databaseUrl(domain: string): string {
    const password = readFileSync(join(this.state, 'postgres/password'), 'utf8').trim()
    const { postgres } = portsFrom(this.offset)
    return domainUrl(`postgres://postgres:${password}@127.0.0.1:${postgres}/postgres`, password, domain)
  }

  /** Moves its time; it was started with `--clock=movable`. */
  moveClock(hours: number): void {
    this.#ahead += hours * 3_600_000
    const { clock } = foldersOf('.', this.state)
    writeFileSync(`${clock}.new`, `${this.#ahead}\n`)
    renameSync(`${clock}.new`, clock)
  }

  /** What time it is there. */
  readonly now = (): Date => new Date(Date.now() + this.#ahead)

  async end(): Promise<void> {
    this.#process.kill('SIGTERM')
    await this.#gone
    rmSync(this.state, { recursive: true, force: true })
  }
}
