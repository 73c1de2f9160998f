import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { AUDIENCE, ISSUER } from '#runtime/caller'
import { HOME } from '#runtime/event'
import type { CallerKind, Operation } from '#runtime/operation'
import { REQUEST_PROBLEMS } from '#runtime/problem'
import { published } from '#support/tree'
import { gatewayRoutesOf, tokenOf } from './gateway-api'

interface Match {
  path: { type: 'Exact' | 'RegularExpression'; value: string }
  method?: string
  headers?: object[]
}
interface Rule {
  matches: Match[]
  filters?: { urlRewrite?: { hostname: string }; extensionRef?: { name: string } }[]
}
interface Route {
  kind: string
  metadata: { name: string; labels?: Record<string, string> }
  spec: { rules: Rule[] }
}
interface Provider {
  issuer: string
  audiences: string[]
}

const documentsIn = <T>(yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS() as T)
const routesFor = (all: readonly Operation[]) =>
  documentsIn<Route>(gatewayRoutesOf(all)).filter(({ kind }) => kind === 'HTTPRoute')
const operation = (name: string, http: string[], caller?: CallerKind[]): Operation => ({
  name,
  domain: 'orders',
  promise: 'Does it.',
  http,
  ...(caller && { caller }),
})
const overlay = (file: string) => readFileSync(`knative/overlays/gateway-api/${file}`, 'utf8')
const fits = ({ type, value }: Match['path'], path: string) =>
  type === 'Exact' ? path === value : new RegExp(`^(?:${value})$`).test(path)

/** Where a Gateway would lead: an exact path goes before an expression, and then one with a method before one without. */
function chosen(routes: Route[], method: string, path: string): string | undefined {
  const weight = ({ path: { type }, method: asked }: Match) => (type === 'Exact' ? 2 : 0) + (asked ? 1 : 0)
  const candidates = routes
    .flatMap(({ spec }) => spec.rules)
    .flatMap((rule) => rule.matches.map((match) => ({ rule, match })))
    .filter(({ match }) => fits(match.path, path) && [method, undefined].includes(match.method))
    .sort((one, other) => weight(other.match) - weight(one.match))
  const [filter] = candidates[0]?.rule.filters ?? []
  return filter?.urlRewrite?.hostname ?? filter?.extensionRef?.name
}

test('every route of every function leads to its function, HEAD to that of GET', () => {
  const all = published()
  const routes = routesFor(all)

  for (const { name, http = [] } of all) {
    for (const route of http) {
      const [method, template] = route.split(' ') as [string, string]
      const path = template.replaceAll(/\{\w+\}/g, 'a.b%2Fc')
      expect([route, chosen(routes, method, path)]).toEqual([route, `${name}.kiosk.svc.cluster.local`])
      if (method === 'GET')
        expect([route, chosen(routes, 'HEAD', path)]).toEqual([route, `${name}.kiosk.svc.cluster.local`])
    }
  }
})

test('a parameter is one segment and not empty', () => {
  const routes = routesFor([operation('view-order', ['GET /v1/orders/{id}'])])

  expect(chosen(routes, 'GET', '/v1/orders/1')).toBe('view-order.kiosk.svc.cluster.local')
  expect(chosen(routes, 'GET', '/v1/orders/')).toBeUndefined()
  expect(chosen(routes, 'GET', '/v1/orders/1/lines')).toBeUndefined()
})

test('the other methods of a path are answered with all that it takes', () => {
  const shared = [
    operation('list-orders', ['GET /v1/orders'], ['customer']),
    operation('place-order', ['POST /v1/orders']),
  ]

  const answer = documentsIn<object>(gatewayRoutesOf(shared)).at(-1)

  expect(chosen(routesFor(shared), 'PUT', '/v1/orders')).toBe('allow-get-head-post')
  expect(answer).toMatchObject({
    metadata: { name: 'allow-get-head-post' },
    spec: {
      directResponse: { statusCode: 405, header: { set: [{ name: 'Allow', value: 'GET, HEAD, POST' }, {}] } },
    },
  })
})

test('a preflight of every path finds a route that CORS is applied to', () => {
  const preflights = routesFor(published()).find(({ metadata }) => metadata.name === 'preflights')!
  const paths = published().flatMap(({ http = [] }) => http.map((route) => route.split(' ')[1]!))

  const matches = preflights.spec.rules.flatMap((rule) => rule.matches)
  for (const path of paths) expect(matches.some((match) => fits(match.path, path))).toBe(true)
  expect(matches.every(({ method, headers }) => method === 'OPTIONS' && headers?.length === 2)).toBe(true)
})

test.each([
  [undefined, 'none'],
  [['anyone'], 'none'],
  [['gateway'], 'none'],
  [['producer'], 'none'],
  [['customer'], 'required'],
  [['staff', 'admin'], 'required'],
  [['customer', 'guest'], 'optional'],
  [['anyone', 'staff'], 'optional'],
] as [CallerKind[] | undefined, string][])('for %j a token is %s', (caller, expected) => {
  expect(tokenOf({ ...(caller && { caller }) })).toBe(expected)
})

test('however many functions a domain has, no HTTPRoute is larger than a Gateway takes', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    operation(`view-${index}`, [`GET /v1/things/${index}`]),
  )

  const routes = [...routesFor(many), ...routesFor(published())]

  for (const { spec } of routes) {
    expect(spec.rules.length).toBeLessThanOrEqual(16)
    for (const { matches } of spec.rules) expect(matches.length).toBeLessThanOrEqual(64)
    expect(spec.rules.flatMap(({ matches }) => matches).length).toBeLessThanOrEqual(128)
  }
  const names = routesFor(many).map(({ metadata }) => metadata.name)
  expect(names).toEqual(['orders-none', 'orders-none-2', 'orders-none-3', 'preflights', 'other-methods'])
})

describe('the policies at the edge', () => {
  const policies = documentsIn<{
    kind: string
    spec: {
      jwt?: { providers: Provider[] }
      targetSelectors?: { matchLabels: Record<string, string> }[]
    }
  }>(overlay('policies.yaml'))
  const jwt = policies.filter(({ kind, spec }) => kind === 'SecurityPolicy' && spec.jwt)

  test('take the tokens that functions take, and no others', () => {
    const providers = jwt.flatMap(({ spec }) => spec.jwt!.providers)

    expect(providers).toHaveLength(2)
    for (const provider of providers)
      expect(provider).toMatchObject({ issuer: ISSUER, audiences: [AUDIENCE] })
  })

  test('cover every route that has something to do with tokens', () => {
    const covered = jwt.flatMap(({ spec }) =>
      spec.targetSelectors!.map(({ matchLabels }) => matchLabels['kiosk.example/token']),
    )
    const used = new Set(
      routesFor(published()).map(({ metadata }) => metadata.labels?.['kiosk.example/token']),
    )

    expect([...covered, 'none', undefined].sort()).toEqual([...used].sort())
  })

  test('refuse as functions do', () => {
    const bodies = ['policies.yaml', 'other-routes.yaml', 'routes.yaml'].flatMap((file) =>
      [...overlay(file).matchAll(/inline: '(\{.*\})'/g)].map(
        ([, body]) => JSON.parse(body!) as { type: string; title: string; status: number },
      ),
    )

    const known: Record<string, { status: number; title: string }> = {
      ...REQUEST_PROBLEMS,
      // No function counts requests, so the edge alone says this.
      'too-many-requests': { status: 429, title: 'Too many requests. Please wait a little.' },
    }
    expect(bodies.length).toBeGreaterThan(5)
    for (const { type, title, status } of bodies) {
      expect({ title, status }).toEqual(known[type.replace(`${HOME}/problems/platform/`, '')])
    }
  })
})
