import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MOST_OUTPUT = 64 * 1024 * 1024

/** A command that must succeed; its error says what was run and what it said last. */
export async function ran(command: string, args: string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await run(command, args, { maxBuffer: MOST_OUTPUT, ...(cwd !== undefined && { cwd }) })
    return stdout.trim()
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    const words = stderr.trim().split('\n').slice(-3).join(' / ')
    throw new Error(`${command} ${args.slice(0, 2).join(' ')} failed: ${words || message}`, { cause: error })
  }
}

/** Whether a command can be run at all. */
export const works = (command: string, args: string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  )
