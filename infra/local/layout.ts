import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where everything of the embedded platform listens, on the loopback address. */
export interface LocalPorts {
  gateway: number
  broker: number
  functions: number
  mailbox: number
  smtp: number
  console: number
  sandbox: number
  postgres: number
  nats: number
  redis: number
  redisRest: number
}

/** The ports of the documents; a second platform on the same machine moves all of them by `offset`. */
export const portsFrom = (offset: number): LocalPorts => ({
  gateway: 8080 + offset,
  broker: 8081 + offset,
  functions: 8082 + offset,
  mailbox: 1080 + offset,
  smtp: 1025 + offset,
  console: 8090 + offset,
  sandbox: 8092 + offset,
  postgres: 15432 + offset,
  nats: 14222 + offset,
  redis: 16379 + offset,
  redisRest: 16380 + offset,
})

/** Who listens where, in the words of a refusal. */
export const listenersOn = (ports: LocalPorts): { port: number; wantedBy: string }[] => {
  const names: Record<keyof LocalPorts, string> = {
    gateway: 'the gateway',
    broker: "the brokers' ingress",
    functions: "the functions' own addresses",
    mailbox: 'the mailbox (web page)',
    smtp: 'the mailbox (SMTP)',
    console: 'the console',
    sandbox: 'the payment sandbox',
    postgres: 'Postgres',
    nats: 'NATS',
    redis: 'Redis',
    redisRest: 'the REST front of Redis',
  }
  const all = Object.keys(names) as (keyof LocalPorts)[]
  return all.map((name) => ({ port: ports[name], wantedBy: names[name] }))
}

/** The largest `offset` with which every port is one. */
export const LARGEST_OFFSET = 65_535 - Math.max(...listenersOn(portsFrom(0)).map(({ port }) => port))

/** The folders of one platform: its state is what `--fresh` forgets; the cache holds downloaded programs only. */
export function foldersOf(root: string, state: string) {
  const within = (name: string) => join(state, name)
  return {
    root,
    state,
    cache: join(root, '.kiosk', 'cache'),
    run: within('run'),
    logs: within('logs'),
    postgres: within('postgres'),
    nats: within('nats'),
    redis: within('redis'),
    mailbox: within('mailbox'),
    sandbox: within('sandbox'),
    secrets: within('secrets.json'),
    seeded: within('seeded'),
    clock: within('clock'),
    /** Where a backup is unpacked before anything is touched, and what a restored one took the place of. */
    restoring: within('restoring'),
    replaced: within('replaced'),
  }
}

export type LocalFolders = ReturnType<typeof foldersOf>

/** What `--fresh` forgets: everything but downloaded programs and backups. */
export function forgetAll({
  postgres,
  nats,
  redis,
  mailbox,
  sandbox,
  secrets,
  seeded,
  logs,
  clock,
  restoring,
  replaced,
}: LocalFolders): void {
  const data = [postgres, nats, redis, mailbox, sandbox, secrets, seeded, logs, clock]
  for (const path of [...data, restoring, replaced]) rmSync(path, { recursive: true, force: true })
}
