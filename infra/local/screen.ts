/** The start-up screen: a line for each step when it is done, and what is noted on the way. */
export interface Progress {
  /** Waits for a step and says how long it took. */
  step<T>(name: string, work: Promise<T>): Promise<T>
  note(line: string): void
}

/** Writes progress as lines, so that it reads the same in a terminal and in a file. */
export function progressOn(write: (line: string) => void): Progress {
  return {
    async step(name, work) {
      const started = performance.now()
      const result = await work
      write(`  ✓ ${name.padEnd(18)} ${seconds(performance.now() - started)}`)
      return result
    },
    note: (line) => write(`    ${line}`),
  }
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(7)
