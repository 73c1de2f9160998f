import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Entry } from './tar'

/**
 * What of a data folder is left out, as "Backing Up the Data Directory" in Postgres's documentation says: the folders
 * themselves are there, what is in them means something to the running server alone. The log is added at the end.
 */
const EMPTY = new Set(
  ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp'].concat(
    'pg_subtrans',
  ),
)
const LEFT_OUT =
  /^(?:postmaster\.(?:pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_label.*|tablespace_map.*)$/

const CHUNK = 256 * 1024

/** A server of which a copy is being made. */
export interface BaseBackup {
  /** The data folder's files while the server writes them. Which of it is torn or new is mended by the log, below. */
  files(): AsyncGenerator<Entry>
  /** Ends the copying; gives the log from its beginning to its end, with which the files become one moment. */
  finish(): Promise<{ moment: Date; log: AsyncGenerator<Entry> }>
  /** Also when the copying failed: the server then forgets that it was begun. */
  close(): Promise<void>
}

/**
 * Begins to copy a running server, by Postgres's own low-level API: neither readers nor writers wait for it. A slot that
 * ends with our connection keeps the server from deleting the log that the copy needs.
 */
export async function beginBaseBackup(url: string, folder: string, prefix: string): Promise<BaseBackup> {
  const client = new pg.Client({ connectionString: url, keepAlive: true })
  client.on('error', () => undefined)
  await client.connect()
  const query = async <R extends object>(text: string, values: unknown[] = []) =>
    (await client.query<R & pg.QueryResultRow>(text, values)).rows[0]!
  try {
    await query('select pg_create_physical_replication_slot($1, true, true)', [`backup_${process.pid}`])
    const { lsn } = await query<{ lsn: string }>(`select pg_backup_start('kiosk', true) as lsn`)
    return {
      files: () => filesOf(folder, prefix),
      async finish() {
        const { moment } = await query<{ moment: Date }>('select clock_timestamp() as moment')
        const stopped = await query<Stopped>('select lsn, labelfile, spcmapfile from pg_backup_stop(false)')
        const { first, last } = await query<{ first: string; last: string }>(
          'select pg_walfile_name($1::pg_lsn) as first, pg_walfile_name($2::pg_lsn) as last',
          [lsn, stopped.lsn],
        )
        if (stopped.spcmapfile) throw new Error('The databases have tablespaces, which a backup cannot hold.')
        return { moment, log: logOf(folder, prefix, { first, last, label: stopped.labelfile }) }
      },
      close: () => client.end(),
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

interface Stopped {
  lsn: string
  labelfile: string
  spcmapfile: string
}

async function* filesOf(folder: string, prefix: string): AsyncGenerator<Entry> {
  yield { name: prefix, size: 0, content: [] }
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifGone([]))
  for (const entry of entries.filter(({ name }) => !LEFT_OUT.test(name))) {
    const [path, name] = [join(folder, entry.name), prefix + entry.name]
    if (EMPTY.has(entry.name)) yield { name: `${name}/`, size: 0, content: [] }
    else if (entry.isDirectory()) yield* filesOf(path, `${name}/`)
    else if (entry.isFile()) yield* fileAt(path, name)
  }
}

/** The files' names count the log up; those of one timeline are in the order of its bytes. */
async function* logOf(
  folder: string,
  prefix: string,
  { first, last, label }: { first: string; last: string; label: string },
): AsyncGenerator<Entry> {
  const wal = join(folder, 'pg_wal')
  const segments = (await readdir(wal)).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort()
  const needed = segments.filter((name) => name >= first && name <= last)
  if (needed[0] !== first || needed.at(-1) !== last) {
    throw new Error(`The log of the databases in ${wal} is not whole: ${first} to ${last} is needed.`)
  }
  for (const name of needed) yield* fileAt(join(wal, name), `${prefix}pg_wal/${name}`)
  const content = Buffer.from(label)
  yield { name: `${prefix}backup_label`, size: content.length, content: [content] }
}

/** A file that was deleted meanwhile is left out; one that was cut is filled up, since the log cuts it again. */
async function* fileAt(path: string, name: string): AsyncGenerator<Entry> {
  const file = await open(path, 'r').catch(ifGone(undefined))
  if (!file) return
  try {
    const { size } = await file.stat()
    yield { name, size, content: bytesOf(file, size) }
  } finally {
    await file.close()
  }
}

async function* bytesOf(file: Awaited<ReturnType<typeof open>>, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    const wanted = Math.min(CHUNK, size - at)
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, at)
    yield bytesRead === 0 ? Buffer.alloc(wanted) : buffer.subarray(0, bytesRead)
    at += bytesRead === 0 ? wanted : bytesRead
  }
}

const ifGone =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
