import { HOME } from '#runtime/event'
import type { Models } from '../models'
import { answersOf, exampleKey } from './answers'
import { Components } from './components'
import { HEADERS, PARAMETERS } from './headers'
import { problemsOf, type Row } from './refusals'
import { requestOf } from './request'
import { SECURITY_SCHEMES, securityOf } from './security'
import { ABOUT, DOMAINS, INVALID_REQUEST, PROBLEM } from './texts'
import type { DeclaredOperation } from '../../tree'

/** The OpenAPI 3.1 document: routes from function.json, shapes from the classes that the code itself checks with. */
export function openapiOf(operations: readonly DeclaredOperation[], models: Models): object {
  const components = new Components(models)
  const asked = operations.flatMap((operation) =>
    (operation.http ?? []).map((route) => ({ operation, route })),
  )
  const paths: Record<string, Record<string, object>> = {}
  for (const { operation, route } of asked) {
    const [method, path] = route.split(' ') as [string, string]
    ;(paths[path] ??= {})[method.toLowerCase()] = described(operation, route, components)
  }
  const refusals = asked.flatMap(({ operation, route }) => problemsOf(operation, route, models))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kiosk',
      version: '1',
      summary: "A shop's whole back end as small functions.",
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(asked.map(({ operation }) => operation.domain))].map((name) => ({
      name,
      description: DOMAINS[name] ?? name,
    })),
    paths,
    components: {
      schemas: { Problem: PROBLEM, InvalidRequest: INVALID_REQUEST, ...components.schemas },
      responses: components.responses,
      headers: HEADERS,
      parameters: PARAMETERS,
      examples: Object.fromEntries(
        refusals.map((row) => [exampleKey(row.kind), { value: exampleOfRefusal(row) }]),
      ),
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

function described(operation: DeclaredOperation, route: string, components: Components): object {
  const { name, promise, domain, caller, http = [], emits = [], on = [] } = operation
  const nth = http.indexOf(route)
  const list = (paths: string[]) => paths.map((path) => `\`${path}\``).join(', ')
  const description = [
    components.models.reasons.get(name),
    emits.length > 0 && `May announce ${list(emits)}.`,
    on.length > 0 && `The event ${list(on)} has the same effect.`,
  ].filter((text) => typeof text === 'string')
  return {
    operationId: nth === 0 ? name : `${name}-${nth + 1}`,
    summary: promise,
    ...(description.length > 0 && { description: description.join('\n\n') }),
    tags: [domain],
    security: securityOf(caller),
    ...requestOf(operation, route, components),
    responses: answersOf(operation, route, components),
  }
}

function exampleOfRefusal({ type, title, status, pointer }: Row): object {
  const said = { type, title, status, instance: 'urn:trace:0af7651916cd43dd8448eb211c80319c' }
  if (status !== 422) return said
  const isShape = type === `${HOME}/problems/platform/invalid-request`
  const error = isShape
    ? { detail: 'must be an integer number', pointer: '#/quantity' }
    : { detail: title, pointer }
  return { ...said, errors: [error] }
}
