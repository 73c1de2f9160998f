import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type End = () => Promise<unknown>

/** What must not outlive the benchmark: processes, servers, folders. Whatever is added is ended once, latest first. */
export class Leftovers {
  readonly #ends = new Set<End>()
  #interrupted = false

  /** Answers how to end it earlier. */
  add(end: End): () => Promise<void> {
    if (this.#interrupted) {
      void end()
      throw new Error('the benchmark was interrupted')
    }
    const ending = async () => {
      if (this.#ends.delete(ending)) await end()
    }
    this.#ends.add(ending)
    return ending
  }

  /** An empty folder. */
  folder(name: string): string {
    const path = mkdtempSync(join(tmpdir(), `kiosk-bench-${name}-`))
    this.add(async () => rmSync(path, { recursive: true, force: true }))
    return path
  }

  /** A child that gets SIGTERM; the answered function resolves when it has ended. */
  child(process: ChildProcess): () => Promise<void> {
    const gone = once(process, 'exit')
    gone.catch(() => undefined)
    return this.add(async () => {
      if (process.exitCode !== null || process.signalCode !== null) return
      process.kill('SIGTERM')
      await gone
    })
  }

  /** A server that is still starting: whoever ends it waits for its start first. */
  async server<S extends { stop(): Promise<void> }>(starting: Promise<S>): Promise<[S, () => Promise<void>]> {
    const end = this.add(() =>
      starting.then(
        (server) => server.stop(),
        () => undefined,
      ),
    )
    return [await starting, end]
  }

  /** Ends everything, and from now on what is added at once. */
  async interrupt(): Promise<void> {
    this.#interrupted = true
    await this.clear()
  }

  /** One that cannot be ended does not keep the others. */
  async clear(): Promise<void> {
    for (const end of [...this.#ends].reverse()) {
      await end().catch((error: unknown) => console.error('something may be left over:', error))
    }
  }
}
