import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalFolders } from '../layout'

/**
 * Puts what was unpacked into its place, by renaming alone. The brokers' streams and Redis go too: they tell of what
 * happened after the backup, and a restored shop must hear of no event without its fact. The payment gateway's journal
 * and the mailbox stay, since they stand for the world outside.
 */
export async function putBack(folders: LocalFolders): Promise<void> {
  const { nats, redis, postgres, secrets, seeded, clock, restoring: draft, replaced } = folders
  await rm(replaced, { recursive: true, force: true })
  await mkdir(replaced, { recursive: true, mode: 0o700 })
  const unpacked = {
    postgres: [postgres, 'postgres'],
    secrets: [secrets, 'secrets.json'],
    seeded: [seeded, 'seeded'],
  } as const
  for (const [path, name] of [...pairs({ nats, redis, clock }), ...Object.values(unpacked)]) {
    if (existsSync(path)) await rename(path, join(replaced, name))
  }
  for (const [path, name] of Object.values(unpacked)) {
    if (existsSync(join(draft, name))) await rename(join(draft, name), path)
  }
  await rm(draft, { recursive: true, force: true })
}

const pairs = (paths: Record<string, string>): [path: string, name: string][] =>
  Object.entries(paths).map(([name, path]) => [path, name])
