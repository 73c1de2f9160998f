import { readdirSync, readFileSync } from 'node:fs'
import type { Model } from '#runtime/event'
import { parse } from '#runtime/parse'
import { described, type Described, type Parameter } from '#support/api'
import { lint } from '#support/linter'
import { operations } from '#support/tree'
import { pascal } from '../../infra/tools/documents/models'
import { WAITING } from '../../infra/tools/documents/openapi/refusals'
import { CONTRACT } from './routes'

const { api, all, answerOf, parametersOf } = described()
const published = operations().filter((one) => one.http && !(one as { internal?: true }).internal)
const operationAt = (route: string) => published.find(({ http }) => http!.includes(route))!

describe('the OpenAPI document', () => {
  test('is valid, by all that the linter recommends', () => {
    expect(lint('functions/platform/describe-shop/openapi.json')).toEqual([])
  })

  test('has every route of the shop, and nothing else', () => {
    const routes = published.flatMap(({ http }) => http!)

    expect(all.map(({ route }) => route).sort()).toEqual(routes.sort())
  })

  test.each(CONTRACT)('has the route %s of the contract, for %s', (route, operationId, callers) => {
    const [one] = all.filter((each) => each.route === route)

    expect(one?.operation.operationId.replace(/-\d$/, '')).toBe(operationId)
    expect(one?.operation.security).toEqual(SECURITY[callers])
  })

  test('names all schemes of security, and no other', () => {
    const used = all.flatMap(({ operation }) => operation.security.flatMap((scheme) => Object.keys(scheme)))

    expect([...new Set(used)].sort()).toEqual(Object.keys(api.components.securitySchemes).sort())
  })
})

/** How each caller of the contract's tables is known. */
const SECURITY: Record<string, object[]> = {
  anyone: [],
  customer: [{ accessToken: ['customer'] }],
  staff: [{ accessToken: ['staff'] }],
  admin: [{ accessToken: ['admin'] }],
  'customer, guest': [{ accessToken: ['customer'] }, { guestCart: [] }, {}],
  'anyone, staff': [{ accessToken: ['staff'] }, {}],
  producer: [{ producerCredential: [] }],
  gateway: [{ gatewaySignature: [] }],
}

test('takes a country as it is typed and gives it in capitals', () => {
  const countryOf = (schema: string) =>
    /"country":{[^}]*"pattern":"([^"]*)"/.exec(JSON.stringify(api.components.schemas[schema]))?.[1]

  expect(['KeepAddress', 'PlaceOrder', 'KeptAddress'].map(countryOf)).toEqual([
    '^[A-Za-z]{2}$',
    '^[A-Za-z]{2}$',
    '^[A-Z]{2}$',
  ])
})

test('speaks of no header of ours that it does not describe', () => {
  const { headers, parameters } = api.components
  const known = [
    ...Object.keys(headers),
    ...Object.values(parameters).map((parameter) => (parameter as Parameter).name),
  ]
  const spokenOf = all.flatMap(
    ({ operation: { description = '' } }) => description.match(/\bKiosk-[\w-]+/g) ?? [],
  )

  expect(spokenOf.filter((name) => !known.includes(name))).toEqual([])
})

describe.each(all)('$route', ({ route, operation }: Described) => {
  const { idempotent, caller = ['anyone'], refuses = [], name, domain } = operationAt(route)
  const statuses = Object.keys(operation.responses)
  const names = parametersOf(operation).map((parameter) => `${parameter.in} ${parameter.name}`)

  test('says each refusal that its function.json names', () => {
    const kinds = statuses.flatMap((status) => problemTypesIn(answerOf(operation, status)))
    const ofRoute = refuses.filter((kind) => operationAt(route).http!.length === 1 || !/unknown/.test(kind))

    expect(kinds).toEqual(
      expect.arrayContaining(ofRoute.map((kind) => `https://kiosk.example/problems/${kind}`)),
    )
  })

  test('says the headers that go with its caller, its repetition and its answers', () => {
    const success = statuses.filter((status) => status < '300').map((status) => answerOf(operation, status))
    const headers = success.flatMap((answer) => Object.keys(answer.headers ?? {}))

    expect(names.includes('header Idempotency-Key')).toBe(idempotent !== undefined)
    expect(headers.includes('Idempotent-Replayed')).toBe(idempotent !== undefined)
    expect(headers.includes('Kiosk-Cart')).toBe(caller.includes('guest'))
    expect(names.includes('header Kiosk-Cart')).toBe(caller.includes('guest') || name === 'merge-cart')
    expect(headers.includes('Location')).toBe(statuses.includes('201'))
    expect(headers.includes('Link')).toBe(names.includes('query page'))
    if (statuses.includes('429')) {
      expect(Object.keys(answerOf(operation, '429').headers!)).toEqual([
        'Retry-After',
        'RateLimit',
        'RateLimit-Policy',
      ])
    }
  })

  test('gives an example of a request that its class takes', () => {
    const Input = classOf(domain, name)
    if (Input?.raw !== true) {
      const given = parametersOf(operation).filter(({ in: place }) => place === 'path' || place === 'query')
      const params = Object.fromEntries(given.map((parameter) => [parameter.name, parameter.example]))
      const body = operation.requestBody?.content['application/json']?.example ?? {}

      expect(() =>
        parse(Input ?? Object, { ...params, ...body }, Input?.tolerant ? 'tolerant' : 'strict'),
      ).not.toThrow()
    }
  })
})

test('every refusal that says when to come back says so in the document', () => {
  const sources = filesIn('functions').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const thrown = sources.flatMap((file) => {
    const domain = file.split('/')[1]!
    const calls = readFileSync(file, 'utf8').matchAll(/problem\('([a-z-]+)', \{[^)]*\}, \{ 'Retry-After'/g)
    return [...calls].map(([, kind]) => `${domain}/${kind}`)
  })

  expect(['platform/request-in-progress', ...thrown].sort()).toEqual([...WAITING].sort())
})

function problemTypesIn({ content = {} }: { content?: Record<string, unknown> }): string[] {
  const problem = content['application/problem+json'] as
    { schema: { allOf: { properties?: { type: { enum: string[] } } }[] } } | undefined
  return problem?.schema.allOf.flatMap(({ properties }) => properties?.type.enum ?? []) ?? []
}

function classOf(domain: string, name: string): Model | undefined {
  const module = jest.requireActual<Record<string, Model>>(`../../functions/${domain}/${name}/input`)
  return module[pascal(name)]
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  )
}
