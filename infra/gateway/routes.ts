import type { FunctionService } from '../local/manifests/manifests'

interface Step {
  literals: Map<string, Step>
  parameter?: Step
  /** Method to function, for a path that ends here. */
  functions: Map<string, string>
}

/** Who serves a path: the function for a method, and which methods there are. */
export interface Found {
  service: string | undefined
  /** What a path without that method takes, for `Allow` (RFC 9110, section 10.2.1); empty for an unknown path. */
  allow: string[]
}

/**
 * The routes of all functions as one table. `{parameter}` stands for one segment that is not empty; where several
 * templates fit, the one with the earlier literal segment wins, and among those that take the method.
 *
 * Two functions with the same route are a mistake that only one of them would notice: an error, naming both.
 */
export class RoutingTable {
  readonly #root = emptyStep()

  constructor(services: Pick<FunctionService, 'name' | 'routes'>[]) {
    for (const { name, routes } of services) for (const route of routes) this.#add(route, name)
  }

  /** HEAD is served by the function of GET (RFC 9110, section 9.3.2). */
  find(method: string, path: string): Found {
    const ends = endsOf(this.#root, path.split('/').slice(1))
    const wanted = method === 'HEAD' ? ['HEAD', 'GET'] : [method]
    const end = ends.find(({ functions }) => wanted.some((name) => functions.has(name)))
    const service = end && wanted.map((name) => end.functions.get(name)).find((name) => name !== undefined)
    return { service, allow: service === undefined ? allowed(ends) : [] }
  }

  #add(route: string, service: string): void {
    const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(route) ?? []
    if (!method || !path) throw new Error(`the route "${route}" of ${service} is not "METHOD /path"`)
    let step = this.#root
    for (const segment of path.split('/').slice(1)) {
      if (/^\{\w+\}$/.test(segment)) step = step.parameter ??= emptyStep()
      else step = step.literals.get(segment) ?? literal(step, segment)
    }
    const other = step.functions.get(method)
    if (other !== undefined) throw new Error(`${other} and ${service} both serve ${route}`)
    step.functions.set(method, service)
  }
}

const emptyStep = (): Step => ({ literals: new Map(), functions: new Map() })

function literal(step: Step, segment: string): Step {
  const next = emptyStep()
  step.literals.set(segment, next)
  return next
}

function endsOf(step: Step, segments: string[]): Step[] {
  const [segment, ...rest] = segments
  if (segment === undefined) return step.functions.size > 0 ? [step] : []
  const exact = step.literals.get(segment)
  const any = segment === '' ? undefined : step.parameter
  return [...(exact ? endsOf(exact, rest) : []), ...(any ? endsOf(any, rest) : [])]
}

function allowed(ends: Step[]): string[] {
  const methods = new Set(ends.flatMap(({ functions }) => [...functions.keys()]))
  if (methods.size === 0) return []
  if (methods.has('GET')) methods.add('HEAD')
  return [...methods.add('OPTIONS')].sort()
}
