import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process and what it was started with. */
export interface Process {
  pid: number
  environment: Record<string, string | undefined>
}

/** Every process that one started, and those that they started. */
export function processesBelow(root: number): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const children = new Map<number, number[]>()
  for (const line of lines) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number) as [number, number]
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((pid) => [pid, ...below(pid)])
  return below(root).map((pid) => ({ pid, environment: environmentOf(pid) }))
}

/** The name of the function that a process serves. */
export const functionOf = (pid: number): string | undefined => environmentOf(pid)['K_SERVICE']

/** Tells a process something; one that has just ended hears nothing. */
export function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function environmentOf(pid: number): Record<string, string> {
  try {
    const words = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return Object.fromEntries(words.filter(Boolean).map((word) => pairIn(word)))
  } catch {
    return {}
  }
}

function pairIn(word: string): [string, string] {
  const at = word.indexOf('=')
  return [word.slice(0, at), word.slice(at + 1)]
}
