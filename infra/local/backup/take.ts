import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { LocalFolders } from '../layout'
import type { Progress } from '../screen'
import { beginBaseBackup, type BaseBackup } from './base-backup'
import { COMPLETION, DESCRIPTION, FORMAT, kioskVersion, postgresMajor, type Description } from './contents'
import { tarOf, type Entry } from './tar'

/** A backup that was made. */
export interface Taken extends Description {
  moment: string
  bytes: number
}

/** What a backup has beside the databases, where it is there; without the keys what the databases hold cannot be proved. */
const beside = (folders: LocalFolders): [name: string, path: string][] => [
  ['secrets.json', folders.secrets],
  ['seeded', folders.seeded],
  ['postgres/password', join(folders.postgres, 'password')],
]

/**
 * Writes all that an installation has to keep into one file that its owner alone may read: all domains as of one moment,
 * while the shop goes on. The file has its name when it is whole and on the disk, and not before.
 */
export async function takeBackup(
  url: string,
  folders: LocalFolders,
  file: string,
  progress: Progress,
): Promise<Taken> {
  const description: Description = {
    format: FORMAT,
    kiosk: kioskVersion(folders.root),
    postgres: await postgresMajor(),
    begunAt: new Date().toISOString(),
  }
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.part`
  const databases = beginBaseBackup(url, join(folders.postgres, 'data'), 'postgres/data/')
  const base = await progress.step('Checkpoint', databases)
  try {
    const entries = new Entries(base, description, folders, progress)
    await rm(draft, { force: true })
    const bytes = Readable.from(tarOf(entries.all()), { objectMode: false })
    await pipeline(bytes, createGzip({ level: 4 }), createWriteStream(draft, { mode: 0o600, flush: true }))
    await rename(draft, file)
    await syncFolder(dirname(file))
    return { ...description, moment: entries.moment!, bytes: (await stat(file)).size }
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await base.close()
  }
}

class Entries {
  moment: string | undefined
  readonly #sha256: Record<string, string> = {}

  constructor(
    readonly base: BaseBackup,
    readonly description: Description,
    readonly folders: LocalFolders,
    readonly progress: Progress,
  ) {}

  async *all(): AsyncGenerator<Entry> {
    const { base, description, folders } = this
    yield jsonEntry(DESCRIPTION, description)
    yield { name: 'postgres/', size: 0, content: [] }
    for (const [name, path] of beside(folders)) {
      if (existsSync(path)) yield this.#summed(entryOf(name, await readFile(path)))
    }
    yield* this.#each('Databases', base.files())
    const { moment, log } = await base.finish()
    this.moment = moment.toISOString()
    yield* this.#each('Log', log)
    yield jsonEntry(COMPLETION, { moment: this.moment, sha256: this.#sha256 })
  }

  async *#each(step: string, entries: AsyncGenerator<Entry>): AsyncGenerator<Entry> {
    const { promise, resolve } = deferred()
    const shown = this.progress.step(step, promise)
    for await (const entry of entries) yield this.#summed(entry)
    resolve()
    await shown
  }

  /** The entry, whose sum is known when it was read. */
  #summed(entry: Entry): Entry {
    if (entry.name.endsWith('/')) return entry
    const hash = createHash('sha256')
    const sums = this.#sha256
    const content = (async function* () {
      for await (const bytes of entry.content) {
        hash.update(bytes)
        yield bytes
      }
      sums[entry.name] = hash.digest('hex')
    })()
    return { ...entry, content }
  }
}

const entryOf = (name: string, content: Buffer): Entry => ({ name, size: content.length, content: [content] })

const jsonEntry = (name: string, value: object): Entry =>
  entryOf(name, Buffer.from(`${JSON.stringify(value, null, 2)}\n`))

function deferred() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}
