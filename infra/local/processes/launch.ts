import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { forget, identityOf, remember, type ProcessIdentity } from './process-records'

/** What to run, and where its words and its record go. */
export interface Launch {
  /** Unique among those of a run folder: the record is `<runFolder>/<name>.json`. */
  name: string
  command: string
  args: string[]
  /** The child's whole environment: nothing is inherited. */
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Output is appended here; beyond 10 MB the file is put aside as `.old` at the next start. */
  logFile: string
  runFolder: string
  stopSignal?: NodeJS.Signals
}

/** How a process ended; `error` when it could not even be started. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  error?: Error
}

/** One run of a child. */
export interface Launched {
  identity: ProcessIdentity | undefined
  exited: Promise<Exit>
  logFile: string
  /** What it wrote in this run. */
  words(): string
}

const MOST_LOG_BYTES = 10 * 1024 * 1024

/** Starts a process in a session of its own and records it for as long as it runs. */
export function launch(plan: Launch): Launched {
  const { name, command, args, env = {}, cwd, logFile, runFolder, stopSignal = 'SIGTERM' } = plan
  const offset = makeRoom(logFile)
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', log, log],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  })
  closeSync(log)
  const identity = child.pid === undefined ? undefined : identityOf(child.pid)
  const supervisor = identityOf(process.pid)
  if (identity && supervisor) remember(runFolder, { name, ...identity, stopSignal, supervisor })
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => {
      forget(runFolder, name)
      resolve({ code, signal })
    })
  })
  return { identity, exited, logFile, words: () => readFileSync(logFile).subarray(offset).toString() }
}

/** Where this run's words begin in the log. */
function makeRoom(logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true })
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size <= MOST_LOG_BYTES) return size
  renameSync(logFile, `${logFile}.old`)
  return 0
}
