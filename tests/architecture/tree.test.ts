import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { foldersOf, operations } from '#support/tree'
import { exportedFunctions } from './exported-functions'

const TOP_LEVEL = [
  'functions',
  'events',
  'infra',
  'knative',
  'tests',
  'docs',
  'package.json',
  'package-lock.json',
]
TOP_LEVEL.push('tsconfig.json', 'esbuild.config.mjs', 'README.md', 'LICENSE', 'Dockerfile')

const sources = ['functions', 'events', 'infra', 'tests']
  .flatMap(filesIn)
  .filter((file) => file.endsWith('.ts'))
const shipped = sources.filter(
  (file) => !file.startsWith('tests/') && !/(\.test\.ts|\/(test|fake)-[a-z-]+\.ts)$/.test(file),
)
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length

describe('the tree', () => {
  test('has the top level that was agreed, and nothing else', () => {
    const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')
    const top = new Set(tracked.map((file) => file.split('/')[0]!).filter((name) => !name.startsWith('.')))
    expect([...top].filter((name) => !TOP_LEVEL.includes(name))).toEqual([])
  })

  test('lets nobody import what is not theirs', () => {
    const args = [
      '--no-install',
      'depcruise',
      '--config',
      '.config/dependency-cruiser.cjs',
      'functions',
      'events',
      'infra',
    ]
    expect(execFileSync('npx', args, { encoding: 'utf8' })).toContain('no dependency violations found')
  })

  test('names files in kebab-case and never for nothing', () => {
    const wrong = sources.filter(
      (file) =>
        !/^[a-z0-9-]+(\.(test|features))?\.ts$/.test(basename(file)) ||
        /^(utils?|helpers?|common|types|index)\.ts$/.test(basename(file)),
    )
    expect(wrong).toEqual([])
  })

  test('keeps a file to what a person can hold: 200 lines', () => {
    expect(shipped.filter((file) => linesOf(file) > 200)).toEqual([])
  })

  test('gives every name once in the whole shop', () => {
    const names = operations().map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('gives every domain an operation, and makes every folder of a domain one', () => {
    for (const domain of foldersOf('functions')) {
      const folders = foldersOf(`functions/${domain}`)
      expect([domain, folders.length]).not.toEqual([domain, 0])
      for (const operation of folders) {
        expect(readdirSync(`functions/${domain}/${operation}`)).toEqual(
          expect.arrayContaining(['function.json', 'handler.ts']),
        )
      }
    }
  })

  test('gives every event a folder with its parts, in a domain that there is', () => {
    expect(foldersOf('functions')).toEqual(expect.arrayContaining(foldersOf('events')))
    for (const domain of foldersOf('events')) {
      for (const event of foldersOf(`events/${domain}`)) {
        expect(readdirSync(`events/${domain}/${event}`)).toEqual(
          expect.arrayContaining(['event.ts', 'examples', 'refused', 'schema.json']),
        )
      }
    }
  })

  test.each([
    ['functions', 40],
    ['infra', 57],
  ])('keeps a function of %s that others use to what fits on a page: %i lines', (folder, most) => {
    const long = shipped
      .filter((file) => file.startsWith(`${folder}/`))
      .flatMap((file) =>
        exportedFunctions(file)
          .filter(({ lines }) => lines > most)
          .map(({ name, lines }) => `${file} ${name}: ${lines}`),
      )
    expect(long).toEqual([])
  })
})

describe.each(operations())('the operation $domain/$name', ({ domain, name, promise, http }) => {
  const folder = `functions/${domain}/${name}`
  const handler = readFileSync(`${folder}/handler.ts`, 'utf8')

  test('opens with its promise', () => {
    const said = /\/\*\*([\s\S]*?)\*\//
      .exec(handler)?.[1]
      ?.replaceAll(/\s*\*\s?/g, ' ')
      .trim()
    expect(said?.startsWith(promise)).toBe(true)
  })

  test('fits on a page', () => {
    expect(linesOf(`${folder}/handler.ts`)).toBeLessThanOrEqual(60)
  })

  test('has a test, unless it is the relay that all share', () => {
    expect(name.startsWith('relay-') || existsSync(`${folder}/${name}.test.ts`)).toBe(true)
  })

  test('says what it is sent and what it answers, when it is asked over HTTP', () => {
    expect(!http || name.startsWith('relay-') || existsSync(`${folder}/input.ts`)).toBe(true)
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}
