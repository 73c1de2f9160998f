import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process, told apart from a later one that was given the same number. */
export interface ProcessIdentity {
  pid: number
  /** When it began, as the system writes it: only ever compared. */
  startedAt: string
}

/** What is kept of a child, so that whoever comes after a killed supervisor can stop it. */
export interface ProcessRecord extends ProcessIdentity {
  name: string
  stopSignal: NodeJS.Signals
  supervisor: ProcessIdentity
}

/** When the process began; undefined when there is none, or only its unreaped remains. */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      const began = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
      return began === '' ? undefined : began
    }
    // proc_pid_stat(5): the second field, in brackets, may hold anything; the third is the state, the 22nd the start
    // in clock ticks since boot.
    const [, rest = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    const fields = rest.split(' ')
    if (fields[0] === 'Z' || fields[19] === undefined) return undefined
    return `${fields[19]}@${bootId()}`
  } catch {
    return undefined
  }
}

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** The process with this number as it is now; undefined when there is none. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

/** Whether that very process still runs. */
export const isRunning = ({ pid, startedAt }: ProcessIdentity): boolean => startOf(pid) === startedAt

/**
 * Whether something recorded here was running when the machine went down: a platform that stops, or is killed and
 * followed by another, leaves no record of an earlier boot. Known on Linux only.
 */
export const wasCutOff = (runFolder: string): boolean =>
  process.platform === 'linux' &&
  recordsIn(runFolder).some(({ startedAt }) => !startedAt.endsWith(`@${bootId()}`))

/** Remembers a child in `<runFolder>/<name>.json`; written whole or not at all. */
export function remember(runFolder: string, record: ProcessRecord): void {
  mkdirSync(runFolder, { recursive: true })
  const file = join(runFolder, `${record.name}.json`)
  writeFileSync(`${file}.new`, JSON.stringify(record))
  renameSync(`${file}.new`, file)
}

export const forget = (runFolder: string, name: string): void =>
  rmSync(join(runFolder, `${name}.json`), { force: true })

/**
 * Stops what a killed supervisor left running and answers their names. Only a process that was recorded in
 * `runFolder`, is still the same one (number and start), and whose supervisor is gone is touched: politely at first,
 * by SIGKILL after `graceMs`.
 */
export async function stopLeftovers(runFolder: string, graceMs = 5000): Promise<string[]> {
  const left = recordsIn(runFolder).filter(({ supervisor }) => !isRunning(supervisor))
  const running = left.filter(isRunning)
  await Promise.all(running.map((record) => stopProcess(record, record.stopSignal, graceMs)))
  for (const { name } of left) forget(runFolder, name)
  return running.map(({ name }) => name)
}

/** Tells everything that this process supervises to end, and waits for nothing: it is on its own way out. */
export function dismissOwn(runFolder: string): void {
  const own = recordsIn(runFolder).filter(
    ({ pid, supervisor }) => supervisor.pid === process.pid && pid !== process.pid,
  )
  for (const record of own) send(record, record.stopSignal)
}

/** Ends that very process by `signal`, after `graceMs` by SIGKILL, and resolves when it is gone. */
export async function stopProcess(
  target: ProcessIdentity,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  const deadline = Date.now() + graceMs
  send(target, signal)
  while (isRunning(target)) {
    if (Date.now() >= deadline) send(target, 'SIGKILL')
    await sleep(20)
  }
}

function send(target: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    if (isRunning(target)) process.kill(target.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
    throw new Error(`Process ${target.pid} cannot be stopped: ${(error as Error).message}.`, { cause: error })
  }
}

function recordsIn(runFolder: string): ProcessRecord[] {
  try {
    return readdirSync(runFolder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => readRecord(join(runFolder, file)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A folder of records may hold other JSON, and a disk that was full an empty file: neither names a process. */
function readRecord(file: string): ProcessRecord[] {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessRecord>
    const whole = typeof record.pid === 'number' && record.startedAt && record.supervisor && record.stopSignal
    return whole ? [record as ProcessRecord] : []
  } catch {
    return []
  }
}
