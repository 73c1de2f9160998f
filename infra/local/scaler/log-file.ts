import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROTATE_BYTES = 10 * 1024 * 1024
const TAIL_BYTES = 2_000

/** A function's log, opened for one process of it. */
export interface LogFile {
  /** For the process's standard output and error. */
  fd: number
  close(): void
  /** The last lines that were written since the file was opened. */
  tail(lines: number): string[]
}

/** Opens `<folder>/<service>.log` to append; a file above 10 MiB is first put aside as `.log.1`. */
export function openLog(folder: string, service: string): LogFile {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${service}.log`)
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_BYTES) renameSync(path, `${path}.1`)
  const fd = openSync(path, 'a')
  const opened = fstatSync(fd).size
  return { fd, close: () => closeSync(fd), tail: (lines) => tail(path, opened, lines) }
}

function tail(path: string, opened: number, lines: number): string[] {
  const fd = openSync(path, 'r')
  try {
    const size = fstatSync(fd).size
    const from = Math.max(opened, size - TAIL_BYTES)
    const buffer = Buffer.alloc(Math.max(0, size - from))
    readSync(fd, buffer, 0, buffer.length, from)
    return buffer.toString().trim().split('\n').slice(-lines)
  } finally {
    closeSync(fd)
  }
}
