import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { isNewer, kioskVersion, postgresMajor } from './contents'
import { entriesIn, tarOf, type Entry } from './tar'
import { unpack } from './unpack'

type Content = readonly [name: string, content: string]

async function* entriesOf(contents: readonly Content[]): AsyncGenerator<Entry> {
  for (const [name, text] of contents) {
    const content = Buffer.from(text)
    yield await Promise.resolve({ name, size: content.length, content: [content] })
  }
}
const archiveOf = async (contents: readonly Content[]) => {
  const parts: Buffer[] = []
  for await (const bytes of tarOf(entriesOf(contents))) parts.push(bytes)
  return Buffer.concat(parts)
}

const LONG = `postgres/data/${'a'.repeat(60)}/${'b'.repeat(90)}`

describe('an archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-archive-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('can be read by any tar, for its owner alone', async () => {
    const file = join(folder, 'some.tar')
    writeFileSync(
      file,
      await archiveOf([
        ['postgres/', ''],
        ['postgres/a', 'one'],
        [LONG, 'two'.repeat(999)],
      ]),
    )

    const listed = execFileSync('tar', ['tvf', file], { encoding: 'utf8' }).trim().split('\n')
    execFileSync('tar', ['xf', file, '-C', folder, LONG])

    expect(listed.map((line) => [line.slice(0, 10), line.split(' ').at(-1)])).toEqual([
      ['drwx------', 'postgres/'],
      ['-rw-------', 'postgres/a'],
      ['-rw-------', LONG],
    ])
    expect(readFileSync(join(folder, LONG), 'utf8')).toBe('two'.repeat(999))
  })

  test.each([1, 100, 511, 512, 513, 4096])(
    'is read as it was written, in pieces of %d bytes',
    async (size) => {
      const contents: Content[] = [
        ['a', ''],
        ['b', 'x'.repeat(512)],
        ['c', 'y'.repeat(1300)],
      ]
      const whole = await archiveOf(contents)
      const pieces = (async function* () {
        for (let at = 0; at < whole.length; at += size)
          yield await Promise.resolve(whole.subarray(at, at + size))
      })()

      const read: [string, string][] = []
      for await (const { name, content } of entriesIn(pieces)) {
        const parts: Buffer[] = []
        for await (const bytes of content) parts.push(bytes)
        read.push([name, Buffer.concat(parts).toString()])
      }

      expect(read).toEqual(contents)
    },
  )
})

describe('unpacking a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-unpack-'))
  const [file, into] = [join(folder, 'backup.tar.gz'), join(folder, 'into')]
  const version = kioskVersion(process.cwd())
  let major: number
  const moment = '2026-03-01T10:00:00.000Z'
  const SECRETS: Content = ['secrets.json', '{}']
  const described = (over: object = {}): Content => [
    'kiosk-backup.json',
    JSON.stringify({ format: 1, kiosk: version, postgres: major, begunAt: moment, ...over }),
  ]
  const completed = (files: readonly Content[]): Content => {
    const sum = (text: string) => createHash('sha256').update(text).digest('hex')
    const sha256 = Object.fromEntries(files.map(([name, text]) => [name, sum(text)]))
    return ['complete.json', JSON.stringify({ moment, sha256 })]
  }
  const unpacked = async (contents: readonly Content[]) => {
    writeFileSync(file, gzipSync(await archiveOf(contents)))
    return unpack(file, into, process.cwd())
  }

  beforeAll(async () => void (major = await postgresMajor()))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('gives its files and says of which moment it is', async () => {
    expect(await unpacked([described(), SECRETS, completed([SECRETS])])).toMatchObject({
      moment,
      kiosk: version,
    })

    expect(readFileSync(join(into, 'secrets.json'), 'utf8')).toBe('{}')
  })

  test.each<[string, () => Content[], RegExp]>([
    [
      'another Postgres',
      () => [described({ postgres: major - 1 }), completed([])],
      /is of Postgres \d+, and here is Postgres \d+/,
    ],
    ['a newer Kiosk', () => [described({ kiosk: '999.0.0' }), completed([])], /newer than this one/],
    ['another format', () => [described({ format: 2 }), completed([])], /newer than this one/],
    ['something else', () => [SECRETS], /it is no backup of Kiosk.*nothing was changed/],
    ['one without its end', () => [described(), SECRETS], /ends before its end.*nothing was changed/],
    [
      'one with another file',
      () => [described(), SECRETS, completed([['secrets.json', '[]']])],
      /secrets\.json is not as it was written/,
    ],
    [
      'one that lacks a file',
      () => [described(), completed([SECRETS])],
      /secrets\.json is not as it was written/,
    ],
    [
      'one with a file more',
      () => [described(), SECRETS, completed([])],
      /secrets\.json is not as it was written/,
    ],
    ...['../above', 'postgres/data/../../../above', '/above', 'run/platform.json'].map(
      (name): [string, () => Content[], RegExp] => [
        `one that holds ${name}`,
        () => [described(), [name, 'x'], completed([[name, 'x']])],
        /does not belong in it/,
      ],
    ),
  ])('refuses %s and leaves nothing', async (_, contents, words) => {
    await expect(unpacked(contents())).rejects.toThrow(words)

    expect(existsSync(into)).toBe(false)
    expect(existsSync(join(folder, 'above'))).toBe(false)
  })

  test.each([
    ['1.2.3', '1.2.3', false],
    ['1.10.0', '1.9.9', true],
    ['1.2.3', '1.10.0', false],
    ['2.0.0-rc.1', '1.9.9', true],
  ])('knows that %s is newer than %s: %s', (a, b, newer) => {
    expect(isNewer(a, b)).toBe(newer)
  })
})
