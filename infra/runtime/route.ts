import type { Operation } from './operation'
import { requestProblem } from './problem'

interface Match {
  /** The template that matched, e.g. `GET /v1/orders/{id}`. */
  route: string
  params: Record<string, string>
}

/**
 * Finds which of an operation's routes a request means. A function's own URL takes its full path, and `/` when its
 * route has no parameters. HEAD is GET without the body (RFC 9110, section 9.3.2).
 */
export function matchRoute({ http = [] }: Operation, method: string, path: string): Match {
  const wanted = method === 'HEAD' ? 'GET' : method
  const matches = http.flatMap((route) => {
    const [verb, template] = route.split(' ') as [string, string]
    const params = paramsOf(template, path)
    return params ? [{ route, verb, params }] : []
  })
  const match = matches.find(({ verb }) => verb === wanted)
  if (match) return { route: match.route, params: match.params }
  if (matches.length === 0) throw requestProblem('no-such-route')
  throw requestProblem('method-not-allowed', {}, { Allow: matches.map(({ verb }) => verb).join(', ') })
}

function paramsOf(template: string, path: string): Record<string, string> | undefined {
  if (path === '/' && !template.includes('{')) return {}
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name) params[name] = decoded(given[index]!)
    else if (segment !== given[index]) return undefined
  }
  return params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw Object.assign(requestProblem('malformed-request', { detail: 'The path is not valid.' }), { cause })
  }
}
