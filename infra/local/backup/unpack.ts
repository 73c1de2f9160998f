import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import {
  COMPLETION,
  DESCRIPTION,
  FORMAT,
  isNewer,
  kioskVersion,
  postgresMajor,
  type Completion,
  type Description,
} from './contents'
import { entriesIn, type Entry } from './tar'

/** What was unpacked. */
export type Unpacked = Description & Pick<Completion, 'moment'>

const NAMES = /^(?:secrets\.json|seeded|postgres\/(?:password|data\/.*)?)$/

/**
 * Unpacks a backup into a folder of its own, after it has said that it fits this machine, and checks that every file is
 * there as it was written. One that is cut short, altered, or of another version is refused with a sentence that says
 * so; then nothing is left of it.
 */
export async function unpack(file: string, into: string, root: string): Promise<Unpacked> {
  await rm(into, { recursive: true, force: true })
  await mkdir(into, { recursive: true })
  const unpacking = new Unpacking(into, root)
  try {
    await pipeline(createReadStream(file), createGunzip(), (bytes: AsyncIterable<Buffer>) =>
      unpacking.read(bytes),
    )
    return unpacking.result()
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    if (error instanceof Refused) throw error
    throw new Error(
      `The backup ${file} cannot be restored (${(error as Error).message}): take another, nothing was changed.`,
      { cause: error },
    )
  }
}

class Refused extends Error {}

class Unpacking {
  readonly #sha256: Record<string, string> = {}
  #description: Description | undefined
  #completion: Completion | undefined

  constructor(
    readonly into: string,
    readonly root: string,
  ) {}

  async read(bytes: AsyncIterable<Buffer>): Promise<void> {
    for await (const entry of entriesIn(bytes)) {
      const { name } = entry
      if (!this.#description) this.#description = await this.#fitting(entry)
      else if (name === COMPLETION) this.#completion = await jsonOf<Completion>(entry)
      else await this.#keep(entry)
    }
  }

  result(): Unpacked {
    if (!this.#description || !this.#completion) throw new Error('it ends before its end')
    const { moment, sha256 } = this.#completion
    const differing = [...new Set([...Object.keys(sha256), ...Object.keys(this.#sha256)])].find(
      (name) => sha256[name] !== this.#sha256[name],
    )
    if (differing !== undefined) throw new Error(`${differing} is not as it was written`)
    return { ...this.#description, moment }
  }

  async #fitting(entry: Entry): Promise<Description> {
    if (entry.name !== DESCRIPTION) throw new Error('it is no backup of Kiosk')
    const said = await jsonOf<Description>(entry)
    const [kiosk, postgres] = [kioskVersion(this.root), await postgresMajor()]
    if (said.format !== FORMAT || isNewer(said.kiosk, kiosk)) {
      throw new Refused(
        `The backup is of Kiosk ${said.kiosk}, which is newer than this one (${kiosk}): restore it with that version.`,
      )
    }
    if (said.postgres !== postgres) {
      throw new Refused(
        `The backup is of Postgres ${said.postgres}, and here is Postgres ${postgres}, which cannot read its files: ` +
          `restore it with Kiosk ${said.kiosk}, as it was installed then.`,
      )
    }
    return said
  }

  async #keep({ name, content }: Entry): Promise<void> {
    if (!NAMES.test(name) || name.split('/').includes('..')) throw new Error(`${name} does not belong in it`)
    const path = join(this.into, name)
    if (name.endsWith('/')) {
      // The server runs as another user where we are root, and must be able to pass what is above its own folder.
      await mkdir(path, { recursive: true, mode: name.startsWith('postgres/data/') ? 0o700 : 0o755 })
      return
    }
    await mkdir(dirname(path), { recursive: true })
    const hash = createHash('sha256')
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const bytes of content) {
        hash.update(bytes)
        await file.appendFile(bytes)
      }
    } finally {
      await file.close()
    }
    this.#sha256[name] = hash.digest('hex')
  }
}

async function jsonOf<T>({ size, content }: Entry): Promise<T> {
  if (size > 64 * 1024 * 1024) throw new Error('what it says of itself is too long')
  const parts: Buffer[] = []
  for await (const bytes of content) parts.push(bytes)
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as T
}
