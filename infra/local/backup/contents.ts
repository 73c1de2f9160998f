import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { postgresBinaries } from '../services/postgres-binaries'

const run = promisify(execFile)

/** What a backup says of itself, in its first entry. */
export interface Description {
  format: number
  /** Of Kiosk, `1.2.3`. */
  kiosk: string
  /** The major version of Postgres: its files can be read by no other. */
  postgres: number
  /** ISO 8601. */
  begunAt: string
}

/** What its last entry says: that it is whole, and of which moment. */
export interface Completion {
  /** Every domain is as of this moment, or a moment later; ISO 8601. */
  moment: string
  /** SHA-256 of every file, by its name, in hexadecimal. */
  sha256: Record<string, string>
}

export const DESCRIPTION = 'kiosk-backup.json'
export const COMPLETION = 'complete.json'
export const FORMAT = 1

/** The version of Kiosk in a checkout. */
export const kioskVersion = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version

/** The major version of the Postgres that is installed here. */
export async function postgresMajor(): Promise<number> {
  const { postgres } = await postgresBinaries()
  const { stdout } = await run(postgres, ['--version'])
  const major = Number(/(\d+)\.\d+|(\d+)(?:beta|rc)/.exec(stdout)?.slice(1).find(Boolean))
  if (!Number.isInteger(major)) throw new Error(`${postgres} does not say its version: ${stdout.trim()}`)
  return major
}

/** Whether version `a` is newer than `b`; what is behind a hyphen does not count. */
export function isNewer(a: string, b: string): boolean {
  const [mine, other] = [a, b].map((version) => version.split('-')[0]!.split('.').map(Number)) as [
    number[],
    number[],
  ]
  for (const [index, part] of mine.entries()) {
    if (part !== (other[index] ?? 0)) return part > (other[index] ?? 0)
  }
  return false
}
