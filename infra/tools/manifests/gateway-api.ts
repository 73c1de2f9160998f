import { stringify } from 'yaml'
import { HOME } from '#runtime/event'
import type { CallerKind, Operation } from '#runtime/operation'
import { REQUEST_PROBLEMS } from '#runtime/problem'

/** What the edge does about an access token on a route: its policies select routes by this label. */
export type Token = 'required' | 'optional' | 'none'

const NAMESPACE = 'kiosk'
const GATEWAY = 'kiosk'
const KOURIER = { name: 'kourier-internal', namespace: 'kourier-system', port: 80 }
/** Of one HTTPRoute, and of one of its rules (Gateway API 1.6). */
const MOST_RULES = 16
const MOST_MATCHES = 64
/** CORS is passed over here too, and there is nothing in these answers that a page may not read. */
const READABLE = { name: 'Access-Control-Allow-Origin', value: '*' }
const MEMBERS: readonly CallerKind[] = ['customer', 'staff', 'admin']

/**
 * The shop's routes for a Gateway: HTTPRoutes from every function.json, for each domain and for what its tokens are,
 * and an answer of 405 for the other methods of each path.
 */
export function gatewayRoutesOf(operations: readonly Operation[]): string {
  const open = operations.filter(({ http }) => http)
  const documents = [...routesOf(open), ...otherMethods(open)]
  return (
    '# Derived from the function.json files by `npm run generate`; change those, not this.\n' +
    documents.map((document) => stringify(document, { lineWidth: 0, singleQuote: true })).join('---\n')
  )
}

/** A token is demanded where only members may call, checked where it is sent, or left to the function alone. */
export function tokenOf({ caller = ['anyone'] }: Pick<Operation, 'caller'>): Token {
  const members = caller.filter((kind) => MEMBERS.includes(kind))
  if (members.length === caller.length) return 'required'
  return members.length > 0 ? 'optional' : 'none'
}

function routesOf(operations: readonly Operation[]): object[] {
  const groups = grouped(operations, (operation) => `${operation.domain}-${tokenOf(operation)}`)
  return [...groups].flatMap(([name, group]) =>
    inChunks(group, MOST_RULES).map((chunk, index) =>
      httpRoute(index === 0 ? name : `${name}-${index + 1}`, chunk.map(ruleOf), {
        'kiosk.example/domain': chunk[0]!.domain,
        'kiosk.example/token': tokenOf(chunk[0]!),
      }),
    ),
  )
}

/**
 * To Kourier's inner gateway, which finds a function by its cluster-local name and starts it from zero. The function's
 * own Service is an ExternalName, which a Gateway does not follow.
 */
const ruleOf = ({ name, http = [] }: Operation): object => ({
  matches: http.flatMap((route) => {
    const [method, path] = route.split(' ') as [string, string]
    return methodsOf(method).map((one) => ({ path: pathMatch(path), method: one }))
  }),
  filters: [{ type: 'URLRewrite', urlRewrite: { hostname: `${name}.${NAMESPACE}.svc.cluster.local` } }],
  backendRefs: [KOURIER],
})

/** A path with the wrong method is known all the same (RFC 9110, section 15.5.6): one rule for each set of methods. */
function otherMethods(operations: readonly Operation[]): object[] {
  const routes = operations.flatMap(({ http = [] }) =>
    http.map((route) => route.split(' ') as [string, string]),
  )
  const byPath = grouped(routes, ([, path]) => path)
  const byAllow = grouped([...byPath.keys()], (path) =>
    [...new Set(byPath.get(path)!.flatMap(([method]) => methodsOf(method)))].sort().join(', '),
  )
  const rules = [...byAllow].map(([allow, paths]) => ({
    matches: paths.map((path) => ({ path: pathMatch(path) })),
    filters: [extension(filterName(allow))],
  }))
  return [
    httpRoute('preflights', inChunks([...byPath.keys()], MOST_MATCHES).map(preflight)),
    httpRoute('other-methods', rules),
    ...[...byAllow.keys()].map(methodNotAllowed),
  ]
}

/**
 * Envoy's CORS filter answers these itself, but only where a route leads on: it is passed over where the edge answers.
 * Neither it nor Envoy Gateway makes a route for them.
 */
const preflight = (paths: string[]): object => ({
  matches: paths.map((path) => ({
    path: pathMatch(path),
    method: 'OPTIONS',
    headers: ['Origin', 'Access-Control-Request-Method'].map((name) => ({
      type: 'RegularExpression',
      name,
      value: '.+',
    })),
  })),
  backendRefs: [KOURIER],
})

const methodNotAllowed = (allow: string): object => ({
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'HTTPRouteFilter',
  metadata: { name: filterName(allow), namespace: NAMESPACE },
  spec: {
    directResponse: {
      statusCode: REQUEST_PROBLEMS['method-not-allowed'].status,
      contentType: 'application/problem+json',
      header: { set: [{ name: 'Allow', value: allow }, READABLE] },
      body: { type: 'Inline', inline: JSON.stringify(edgeProblem('method-not-allowed')) },
    },
  },
})

/** What the edge answers by itself; without a trace of its own it names the request as its access log does. */
const edgeProblem = (kind: keyof typeof REQUEST_PROBLEMS): object => ({
  type: `${HOME}/problems/platform/${kind}`,
  title: REQUEST_PROBLEMS[kind].title,
  status: REQUEST_PROBLEMS[kind].status,
  instance: 'urn:uuid:%REQ(X-REQUEST-ID)%',
})

const httpRoute = (name: string, rules: object[], labels?: Record<string, string>): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name, namespace: NAMESPACE, ...(labels && { labels }) },
  spec: { parentRefs: [{ name: GATEWAY, sectionName: 'https' }], rules },
})

const extension = (name: string) => ({
  type: 'ExtensionRef',
  extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name },
})

const filterName = (allow: string) => `allow-${allow.toLowerCase().replaceAll(', ', '-')}`

/** HEAD is served by the function of GET (RFC 9110, section 9.3.2). */
const methodsOf = (method: string) => (method === 'GET' ? ['GET', 'HEAD'] : [method])

/** A parameter is one segment that is not empty; of two paths that fit, a Gateway prefers the exact one. */
const pathMatch = (path: string) =>
  path.includes('{')
    ? { type: 'RegularExpression', value: path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+') }
    : { type: 'Exact', value: path }

function grouped<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) groups.set(nameOf(one), [...(groups.get(nameOf(one)) ?? []), one])
  return groups
}

const inChunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )
