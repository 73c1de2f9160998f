import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onEnd } from '../ending'
import type { LocalFolders } from '../layout'
import { freePorts } from '../processes/ports'
import { dismissOwn, forget, identityOf, remember, stopLeftovers } from '../processes/process-records'
import { startPostgres, type Postgres } from '../services/postgres'

/**
 * Keeps everybody else from an installation that does not run: whoever would start it meanwhile is told that it runs.
 * Ctrl-C gives it back and ends what was started, after `undo`.
 */
export async function claim(
  { run }: LocalFolders,
  undo: () => void,
): Promise<{ ending: Ending; release: () => void }> {
  await stopLeftovers(run)
  mkdirSync(run, { recursive: true })
  const me = identityOf(process.pid)!
  remember(run, { name: 'platform', ...me, supervisor: me, stopSignal: 'SIGTERM' })
  const release = () => forget(run, 'platform')
  const ending = onEnd(() => {
    undo()
    dismissOwn(run)
    release()
    process.exit(130)
  })
  return { ending, release }
}

type Ending = ReturnType<typeof onEnd>

/** The administrator's connection string of the Postgres that serves a folder now, as that itself wrote it down. */
export async function urlOfRunning(folder: string): Promise<string> {
  const written = await readFile(join(folder, 'data/postmaster.pid'), 'utf8').catch(() => '')
  const lines = written.split('\n')
  const [port, address] = [lines[3], lines[5]]
  if (!port || !address)
    throw new Error(`Postgres in ${folder} is starting or stopping: try again in a moment.`)
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim()
  return `postgres://postgres:${password}@${address}:${port}/postgres`
}

/** The databases of a folder on a port of their own, for as long as the work takes. */
export async function withPostgres<T>(
  folder: string,
  runFolder: string,
  work: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  const [port] = (await freePorts(1)) as [number]
  const postgres = await startPostgres({ folder, port, runFolder })
  try {
    return await work(postgres)
  } finally {
    await postgres.stop()
  }
}
