import Ajv from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOME, type EventDefinition } from '#runtime/event'
import { parse } from '#runtime/parse'
import { foldersOf, operations } from '#support/tree'
import { PUBLISHED, takenBack } from '../../infra/tools/documents/published'

const paths = foldersOf('events').flatMap((domain) =>
  foldersOf(`events/${domain}`).map((event) => `${domain}/${event}`),
)
const ajv = addFormats(new Ajv({ strict: false }))

describe.each(paths)('the event %s', (path) => {
  const folder = `events/${path}`
  const definition = definitionIn(folder)
  const schema = JSON.parse(readFileSync(`${folder}/schema.json`, 'utf8')) as { $id: string }
  const fits = ajv.compile(schema)
  const documents = (kind: string) =>
    readdirSync(join(folder, kind)).map(
      (file) => [file, JSON.parse(readFileSync(join(folder, kind, file), 'utf8')) as object] as const,
    )

  test('is named by its folder', () => {
    expect(definition.path).toBe(path)
    expect(definition.type).toBe(`shop.kiosk.${path.replace('/', '.')}`)
    expect([definition.dataschema, schema.$id]).toEqual(Array(2).fill(`${HOME}/events/${path}/schema.json`))
  })

  test('has examples, and every one parses by class and by schema', () => {
    const examples = documents('examples')
    expect(examples.length).toBeGreaterThan(0)
    for (const [file, data] of examples) {
      expect([file, fits(data), fits.errors]).toEqual([file, true, null])
      expect(parse(definition.Data, data, 'strict')).toMatchObject(data)
      expect(definition.subject(data)).toEqual(expect.any(String))
    }
  })

  test('turns away, by class and by schema alike, what must not pass', () => {
    const refused = documents('refused')
    expect(refused.length).toBeGreaterThan(0)
    for (const [file, data] of refused) {
      expect([file, fits(data)]).toEqual([file, false])
      expect(() => parse(definition.Data, data, 'tolerant')).toThrow('invalid-request')
    }
  })

  test('lets newer fields pass', () => {
    for (const [, data] of documents('examples')) {
      expect(fits({ ...data, newer: 'field' })).toBe(true)
      expect(parse(definition.Data, { ...data, newer: 'field' }, 'tolerant')).toEqual(
        parse(definition.Data, data, 'strict'),
      )
    }
  })
})

test('takes nothing back of what was ever published: an event of a version may gain optional fields', () => {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as never
  const schemas = Object.fromEntries(paths.map((path) => [path, read(`events/${path}/schema.json`)]))
  const examples = paths.map((path) => {
    const files = readdirSync(`events/${path}/examples`)
    return [
      path,
      Object.fromEntries(
        files.map((file) => [file.replace('.json', ''), read(`events/${path}/examples/${file}`)]),
      ),
    ]
  })
  expect(takenBack(read(PUBLISHED), schemas, new Map(examples as never))).toEqual([])
})

describe('the wiring', () => {
  test('every event has a teller, and a hearer or the reason why not', () => {
    const told = operations().flatMap(({ emits = [] }) => emits)
    const heard = operations().flatMap(({ on = [] }) => on)
    const alone = paths.filter((path) => !heard.includes(path))

    expect(paths.filter((path) => !told.includes(path))).toEqual([])
    expect(alone.filter((path) => !definitionIn(`events/${path}`).unheard)).toEqual([])
    expect(heard.filter((path) => definitionIn(`events/${path}`).unheard)).toEqual([])
  })

  test.each(operations())(
    '$domain/$name hears and tells only events that exist',
    ({ on = [], emits = [] }) => {
      expect([...on, ...emits].filter((event) => !paths.includes(event))).toEqual([])
    },
  )

  test('every domain with a database has a relay', () => {
    const domains = readdirSync('infra/postgres').filter((name) => name !== 'shared')
    const relays = operations()
      .filter(({ name }) => name.startsWith('relay-'))
      .map(({ domain }) => domain)
    expect(relays.sort()).toEqual(domains.sort())
  })

  test('an event is told by its own domain only', () => {
    const strangers = operations().flatMap(({ domain, name, emits = [] }) =>
      emits.filter((event) => !event.startsWith(`${domain}/`)).map((event) => `${name} tells ${event}`),
    )
    expect(strangers).toEqual([])
  })
})

function definitionIn(folder: string): EventDefinition {
  const exports = jest.requireActual<Record<string, EventDefinition>>(`../../${folder}/event.ts`)
  return Object.values(exports)[0]!
}
