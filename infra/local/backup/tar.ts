/** A file or a folder of an archive. */
export interface Entry {
  /** With slashes; that of a folder ends with one. */
  name: string
  /** Bytes of content; none of a folder. */
  size: number
  content: AsyncIterable<Buffer> | Iterable<Buffer>
}

const BLOCK = 512
const LARGEST = 8 ** 11 - 1

/** Entries as the bytes of an archive that every tar can read (POSIX.1-1988, ustar), for their owner's eyes only. */
export async function* tarOf(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const { name, size, content } of entries) {
    yield headerOf(name, size)
    let written = 0
    for await (const bytes of content) {
      written += bytes.length
      yield bytes
    }
    if (written !== size) throw new Error(`${name} has ${written} bytes and not ${size}`)
    yield Buffer.alloc(padding(size))
  }
  yield Buffer.alloc(2 * BLOCK)
}

/**
 * The entries of such an archive, one after another; the content of each is read before the next is asked for. An archive
 * that ends before its end, or is none, is an error.
 */
export async function* entriesIn(archive: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const source = new Source(archive)
  for (;;) {
    const header = await source.exactly(BLOCK)
    if (header.every((byte) => byte === 0)) return source.drain()
    const { name, size } = readHeader(header)
    yield { name, size, content: source.upTo(size) }
    await source.exactly(padding(size))
  }
}

const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK

function headerOf(path: string, size: number): Buffer {
  const [prefix, name] = splitName(path)
  if (size > LARGEST) throw new Error(`${path} is too large for the archive`)
  const isFolder = path.endsWith('/')
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  header.write(name, 0, 100)
  header.write(isFolder ? '0000700' : '0000600', 100)
  header.write('0000000\0' + '0000000', 108)
  header.write(octal(size, 11), 124)
  header.write(octal(Math.floor(Date.now() / 1000), 11), 136)
  header.write(isFolder ? '5' : '0', 156)
  header.write('ustar\0' + '00', 257)
  header.write(prefix, 345, 155)
  header.write(`${octal(checksumOf(header), 6)}\0 `, 148)
  return header
}

/** A long name is split at a slash: 155 bytes before it, 100 behind it. */
function splitName(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path]
  const at = path.indexOf('/', path.length - 101)
  const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
  if (at < 0 || name === '' || Buffer.byteLength(prefix) > 155 || Buffer.byteLength(name) > 100) {
    throw new Error(`${path} is too long a name for the archive`)
  }
  return [prefix, name]
}

/** The sum of all bytes, with blanks for the sum itself. */
const checksumOf = (header: Buffer): number =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0)

function readHeader(header: Buffer): { name: string; size: number } {
  const text = (from: number, length: number) =>
    header.toString('utf8', from, from + length).replace(/\0.*$/s, '')
  const octal = (from: number, length: number) => Number.parseInt(text(from, length).trim(), 8)
  if (octal(148, 8) !== checksumOf(header)) throw new Error('it is no tar archive, or damaged')
  const prefix = text(345, 155)
  return { name: (prefix && `${prefix}/`) + text(0, 100), size: octal(124, 12) }
}

class Source {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(archive: AsyncIterable<Buffer>) {
    this.#chunks = archive[Symbol.asyncIterator]()
  }

  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const bytes of this.upTo(size)) parts.push(bytes)
    return Buffer.concat(parts)
  }

  /** What is behind the end is read too: so that whoever unpacks it checks it. */
  async drain(): Promise<void> {
    while (!(await this.#chunks.next()).done);
  }

  async *upTo(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next()
        if (next.done) throw new Error('it ends before its end')
        this.#rest = next.value
      }
      const bytes = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(bytes.length)
      left -= bytes.length
      if (bytes.length > 0) yield bytes
    }
  }
}
