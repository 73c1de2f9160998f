import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A journal with a line in its middle that is none: what it held cannot be known. */
export class DamagedJournal extends Error {
  constructor(
    readonly path: string,
    readonly byte: number,
    cause: unknown,
  ) {
    super(`the journal ${path} is damaged at byte ${byte}: restore a backup of it`, { cause })
  }
}

/**
 * An append-only file of JSON lines that survives a kill at any moment.
 *
 * What is appended in one turn of the event loop, or while the disk is busy, reaches the disk together. A line that
 * a kill cut short at the end of the file never happened, since nobody was told of it; it is cut off at the next start.
 */
export class Journal<Entry extends object> {
  #unwritten = ''
  #written: Promise<void> = Promise.resolve()

  private constructor(readonly file: FileHandle) {}

  /** Opens the file, made if it is not there, and gives what it holds, oldest first. A damaged middle is an error. */
  static async open<Entry extends object>(
    path: string,
  ): Promise<{ journal: Journal<Entry>; entries: Entry[] }> {
    await mkdir(dirname(path), { recursive: true })
    const { entries, length } = read<Entry>(path, await readFile(path, { flag: 'a+' }))
    await truncate(path, length)
    const file = await open(path, 'a')
    return { journal: new Journal(file), entries }
  }

  append(entry: Entry): void {
    this.#unwritten += `${JSON.stringify(entry)}\n`
    this.#written = this.#written.then(() => this.#write())
    this.#written.catch(() => undefined)
  }

  /** Resolves when all that was appended is on the disk, and rejects for ever after the disk has refused once. */
  settled(): Promise<void> {
    return this.#written
  }

  async close(): Promise<void> {
    await this.#written.finally(() => this.file.close())
  }

  async #write(): Promise<void> {
    if (this.#unwritten === '') return
    const lines = this.#unwritten
    this.#unwritten = ''
    await this.file.appendFile(lines)
    await this.file.datasync()
  }
}

function read<Entry>(path: string, bytes: Buffer): { entries: Entry[]; length: number } {
  const entries: Entry[] = []
  let length = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, length)) {
    const line = bytes.toString('utf8', length, end)
    try {
      entries.push(JSON.parse(line) as Entry)
    } catch (cause) {
      if (end === bytes.length - 1) break
      throw new DamagedJournal(path, length, cause)
    }
    length = end + 1
  }
  return { entries, length }
}
