import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerUser } from './postgres-binaries'

export const LOOPBACK = '127.0.0.1'

/** Rules by which other machines are asked for a password too; those of `initdb` let in the loopback address alone. */
export async function rulesForOthers(folder: string, { uid }: ServerUser): Promise<string> {
  const file = join(folder, 'hba.conf')
  await writeFile(file, 'host all all all scram-sha-256\n', { mode: 0o600 })
  if (uid !== undefined) await chown(file, uid, uid)
  return file
}

export interface PostgresSettings {
  port: number
  listen: string
  fsync: boolean
  hbaFile: string | undefined
}

/** Those of a small shop's server, as command line words. */
export function postgresSettings({ port, listen, fsync, hbaFile }: PostgresSettings): string[] {
  const durable = fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const all: Record<string, string | number> = {
    listen_addresses: listen,
    port,
    unix_socket_directories: '',
    max_connections: 500,
    shared_buffers: '128MB',
    // The least with which a running server can be copied.
    wal_level: 'replica',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    max_wal_size: '256MB',
    // Worker processes for reading ahead are memory that a small shop never earns back.
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Above ERROR: refused statements are business as usual, and hold what customers wrote.
    log_min_messages: 'log',
    ...durable,
    ...(hbaFile !== undefined && { hba_file: hbaFile }),
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
