import { HOME } from '#runtime/event'
import { REQUEST_PROBLEMS } from '#runtime/problem'
import { schemaOf, type Schema } from './json-schema'
import type { Models } from './models'
import type { DeclaredOperation } from './tree'

type Responses = Record<string, object>

/** The OpenAPI 3.1 document: routes from function.json, shapes from the classes that the code itself checks with. */
export function openapiOf(operations: readonly DeclaredOperation[], models: Models): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations) {
    for (const [index, route] of (operation.http ?? []).entries()) {
      const [method, path] = route.split(' ') as [string, string]
      const id = index === 0 ? operation.name : `${operation.name}-${index + 1}`
      ;(paths[path] ??= {})[method.toLowerCase()] = {
        operationId: id,
        ...described(operation, route, models),
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kiosk',
      version: '1',
      description: "A shop's whole back end as small functions.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ domain }) => domain))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function described(operation: DeclaredOperation, route: string, models: Models): object {
  const { promise, domain, caller = ['anyone'] } = operation
  const open = caller.some((kind) => kind === 'anyone' || kind === 'guest' || kind === 'gateway')
  const Input = models.inputs.get(operation.name)
  const input = Input ? schemaOf(Input, 'refused') : { type: 'object', properties: {} }
  const hasBody = /^(POST|PUT|PATCH) /.test(route)
  const { parameters, body } = split(input, route, hasBody)
  return {
    summary: promise,
    tags: [domain],
    security: open ? [{}, { accessToken: [] }] : [{ accessToken: [] }],
    parameters: [...parameters, ...headersOf(operation)],
    ...(body && {
      requestBody: { required: body.required, content: { 'application/json': { schema: body.schema } } },
    }),
    responses: { ...repliesOf(operation, models), ...refusalsOf(operation, models, hasBody, !open) },
  }
}

/** Which fields of an input are in the path, in the query and in the body. */
function split(input: Schema, route: string, hasBody: boolean) {
  const properties = (input['properties'] ?? {}) as Record<string, Schema>
  const required = (input['required'] ?? []) as string[]
  const inPath = new Set([...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))
  const parameters = Object.entries(properties)
    .filter(([name]) => inPath.has(name) || !hasBody)
    .map(([name, schema]) => {
      const where = inPath.has(name) ? 'path' : 'query'
      return { name, in: where, required: where === 'path' || required.includes(name), schema }
    })
  const rest = Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.has(name)))
  if (!hasBody || Object.keys(rest).length === 0) return { parameters, body: undefined }
  const needed = required.filter((name) => name in rest)
  const schema = { ...input, properties: rest, required: needed }
  return { parameters, body: { schema, required: needed.length > 0 } }
}

function headersOf({ idempotent, caller = [] }: DeclaredOperation): object[] {
  const key = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' }
  return [
    ...(idempotent
      ? [{ name: 'Idempotency-Key', in: 'header', required: idempotent === 'required', schema: key }]
      : []),
    ...(caller.includes('guest') ? [{ name: 'Kiosk-Cart', in: 'header', schema: { type: 'string' } }] : []),
  ]
}

function repliesOf({ name }: DeclaredOperation, { replies }: Models): Responses {
  const answers = Object.entries(replies.get(name) ?? { 200: null })
  return Object.fromEntries(
    answers.map(([status, Reply]) => [
      status,
      {
        description: Reply ? Reply.name : 'Done.',
        ...(Reply && { content: { 'application/json': { schema: schemaOf(Reply, 'allowed') } } }),
      },
    ]),
  )
}

function refusalsOf(
  operation: DeclaredOperation,
  { problems }: Models,
  hasBody: boolean,
  needsToken: boolean,
): Responses {
  const { refuses = [], idempotent, http = [] } = operation
  const kinds: (keyof typeof REQUEST_PROBLEMS)[] = ['invalid-request', 'malformed-request', 'unavailable']
  if (hasBody) kinds.push('request-too-large', 'unsupported-media-type')
  if (needsToken || operation.caller?.includes('guest')) kinds.push('unauthenticated')
  if (needsToken) kinds.push('forbidden')
  if (idempotent) kinds.push('idempotency-key-missing', 'idempotency-key-reused', 'request-in-progress')
  if (http.some((route) => route.includes('{'))) kinds.push('no-such-route')
  const rows = [
    ...kinds.map((kind) => ({ kind: `platform/${kind}`, ...REQUEST_PROBLEMS[kind] })),
    ...refuses.map((kind) => {
      const [domain, name] = kind.split('/') as [string, string]
      const problem = problems.get(domain)
      if (!problem)
        throw new Error(
          `${operation.folder} refuses ${kind}, but functions/${domain}/problems.ts has no table`,
        )
      const { status, title } = problem(name)
      return { kind, status, title }
    }),
  ]
  const byStatus = grouped(rows)
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map(({ kind, title }) => `\`${kind}\`: ${title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

function grouped<R extends { status: number }>(rows: R[]): Map<number, R[]> {
  const groups = new Map<number, R[]>()
  for (const row of rows) groups.set(row.status, [...(groups.get(row.status) ?? []), row])
  return groups
}

/** RFC 9457, with the members that Kiosk adds. */
const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri', examples: [`${HOME}/problems/orders/price-changed`] },
    title: { type: 'string' },
    status: { type: 'integer' },
    instance: { type: 'string', pattern: '^urn:trace:[0-9a-f]{32}$' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail', 'pointer'],
        properties: { detail: { type: 'string' }, pointer: { type: 'string' } },
      },
    },
  },
}
