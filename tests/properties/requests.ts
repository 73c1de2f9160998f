import fc from 'fast-check'
import { described, type ApiOperation, type Described, type Parameter } from '#support/api'
import { ORDERS, PEOPLE, SKUS } from './front'

/** One request, and how often it is sent: one after the other, or all at the same moment. */
export interface Wish {
  route: string
  path: string
  caller: string
  headers: Record<string, string>
  body: string | Uint8Array | undefined
  times: number
  atOnce: boolean
}

const { parametersOf } = described()

/** What a place in a path may hold that is there. */
const KNOWN: [place: RegExp, values: readonly string[]][] = [
  [/\{sku\}/, SKUS],
  [/orders\/\{id\}/, ORDERS],
  [/accounts\/\{id\}/, Object.keys(PEOPLE)],
  [/\{label\}/, ['home', 'été', 'a b']],
  [/events\/\{domain\}/, ['orders']],
  [/\{event\}/, ['order-placed.v1', '__proto__']],
]

/** Any text that is one: no half of a surrogate pair, which no address could hold. */
const anyText = fc.string({ unit: 'binary', maxLength: 70 })

const segment = (known: readonly string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known).map(encodeURIComponent) },
    { weight: 2, arbitrary: anyText.filter((text) => text !== '').map(encodeURIComponent) },
    { weight: 1, arbitrary: fc.constantFrom('%', '%ff', '%00', '.', '..', 'a%2Fb', 'x'.repeat(300)) },
  )

/** A path with something in each of its places, `/v1/stock/TEA`. */
function pathFor(template: string): fc.Arbitrary<string> {
  const places = [...template.matchAll(/[\w-]*\/?\{\w+\}/g)].map(([place]) => place)
  const segments = places.map((place) =>
    segment(KNOWN.find(([pattern]) => pattern.test(place))?.[1] ?? ['1']),
  )
  return fc
    .tuple(...segments)
    .map((values) => values.reduce((text, value) => text.replace(/\{\w+\}/, () => value), template))
}

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  anyText,
  fc.constantFrom(
    null,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    2_147_483_648,
    '\0',
    '\ud800',
    'x'.repeat(6_000),
    {},
    [],
    true,
  ),
)

/** An example as it is, with a field that is anything, without a field, or with one that nobody knows. */
function bentFrom(example: object): fc.Arbitrary<object> {
  const names = Object.keys(example)
  const name = names.length > 0 ? fc.constantFrom(...names) : fc.constant('field')
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(example) },
    {
      weight: 5,
      arbitrary: fc.tuple(name, anyValue).map(([field, value]) => ({ ...example, [field]: value })),
    },
    { weight: 2, arbitrary: name.map((left) => without(example, left)) },
    {
      weight: 1,
      arbitrary: fc.tuple(anyText, anyValue).map(([field, value]) => ({ ...example, [field]: value })),
    },
  )
}

const without = (example: object, left: string): object =>
  Object.fromEntries(Object.entries(example).filter(([field]) => field !== left))

function bodyFor({ operation }: Described): fc.Arbitrary<{ type?: string; body?: string | Uint8Array }> {
  const contents = Object.entries(operation.requestBody?.content ?? {})
  const meant = contents.map(([type, { example, examples = {} }]) => {
    const given = [example, ...Object.values(examples).map(({ value }) => value)].filter(
      (one) => one !== undefined,
    )
    return fc
      .constantFrom(...given)
      .chain((one) => (Array.isArray(one) ? fc.constant(one) : bentFrom(one)))
      .map((content) => ({ type, body: JSON.stringify(content) }))
  })
  const type = fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16', '')
  const anyBody = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom('', '{', '[[[', 'null'),
  )
  return fc.oneof(
    ...meant.map((arbitrary) => ({ weight: 8, arbitrary })),
    { weight: meant.length > 0 ? 2 : 1, arbitrary: fc.record({ type, body: anyBody }) },
    { weight: 1, arbitrary: fc.constant({}) },
  )
}

function queryFor(parameters: Parameter[]): fc.Arbitrary<string> {
  const fields = parameters.filter((parameter) => parameter.in === 'query')
  const one = (parameter: Parameter) =>
    fc.tuple(fc.constant(parameter.name), fc.oneof(fc.constant(String(parameter.example)), anyText))
  const known =
    fields.length > 0 ? fc.subarray(fields).chain((some) => fc.tuple(...some.map(one))) : fc.constant([])
  const strange = fc.tuple(anyText, anyText)
  return fc
    .tuple(
      known,
      fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(strange, { maxLength: 2 }) },
      ),
    )
    .map((pairs) =>
      pairs
        .flat()
        .map((pair) => pair.map(encodeURIComponent).join('='))
        .join('&'),
    )
}

function headersFor(parameters: Parameter[]): fc.Arbitrary<Record<string, string>> {
  const fields = parameters.filter((parameter) => parameter.in === 'header')
  const visible = fc.string({ unit: fc.constantFrom(...'aZ09-_.~ %"{}'), minLength: 1, maxLength: 300 })
  const values = fields.map(({ name, example }) => {
    const meant =
      name === 'Idempotency-Key' ? fc.constantFrom('k1', 'k2', 'k3') : fc.constant(String(example ?? '1.0'))
    const value = fc.oneof(
      { weight: 5, arbitrary: meant },
      { weight: 1, arbitrary: visible.map((text) => text.trim()) },
    )
    return fc.tuple(fc.constant(name), fc.option(value, { freq: 6, nil: undefined }))
  })
  return fc
    .tuple(...values)
    .map(
      (pairs) =>
        Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Record<string, string>,
    )
}

/** Who may ask an operation, and whoever else might try. */
function callerFor({ security }: ApiOperation): fc.Arbitrary<string> {
  const needed = security
    .flatMap((scheme) => Object.entries(scheme))
    .map(([name, [role]]) => ({ name, role }))
  const able = Object.keys(PEOPLE).filter((who) =>
    needed.some(({ role }) => role && rank(PEOPLE[who]!) >= rank(role)),
  )
  const proved = needed.flatMap(({ name }) =>
    name === 'producerCredential' ? ['producer'] : name === 'gatewaySignature' ? ['gateway'] : [],
  )
  const meant = [...able, ...proved]
  const anyone = fc.constantFrom('nobody', 'forged', 'producer', ...Object.keys(PEOPLE))
  return meant.length === 0
    ? anyone
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...meant) }, { weight: 1, arbitrary: anyone })
}

const rank = (role: string) => ['customer', 'staff', 'admin'].indexOf(role)

/** Any request for one operation: as its document says, bent a little, or nothing like it. */
export function wishFor(one: Described): fc.Arbitrary<Wish> {
  const { route, operation } = one
  const parameters = parametersOf(operation)
  const path = fc.tuple(pathFor(route.split(' ')[1]!), queryFor(parameters))
  return fc
    .record({
      path: path.map(([where, query]) => (query === '' ? where : `${where}?${query}`)),
      caller: callerFor(operation),
      headers: headersFor(parameters),
      content: bodyFor(one),
      times: fc.oneof(
        { weight: 3, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.constantFrom(2, 3) },
      ),
      atOnce: fc.boolean(),
    })
    .map(({ content: { type, body }, headers, ...rest }) => ({
      ...{ route, ...rest, body },
      headers: { ...headers, ...(type !== undefined && type !== '' && { 'content-type': type }) },
    }))
}
