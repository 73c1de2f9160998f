import { readFileSync } from 'node:fs'

/** What a test looks at in the OpenAPI document. */
export interface Api {
  paths: Record<string, Record<string, ApiOperation>>
  components: Record<
    'headers' | 'parameters' | 'responses' | 'securitySchemes' | 'schemas',
    Record<string, object>
  >
}

export interface ApiOperation {
  operationId: string
  description?: string
  security: Record<string, string[]>[]
  parameters: (Parameter | { $ref: string })[]
  requestBody?: { content: Record<string, Content> }
  responses: Record<string, Answer | { $ref: string }>
}

/** What is sent in one media type. */
interface Content {
  schema: object
  example?: object
  examples?: Record<string, { value: object }>
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: object
  example?: string | number
}

interface Answer {
  headers?: Record<string, object>
  content?: Record<string, { schema: object; example?: object }>
}

/** An operation at one of its routes, `METHOD /path`. */
export interface Described {
  route: string
  operation: ApiOperation
}

/** The OpenAPI document of the checkout, with its references followed. */
export function described() {
  const api = JSON.parse(readFileSync('functions/platform/describe-shop/openapi.json', 'utf8')) as Api
  const all: Described[] = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
  const followed = <T extends object>(kind: keyof Api['components'], value: T | { $ref: string }): T =>
    '$ref' in value ? (api.components[kind][value.$ref.split('/').at(-1)!] as T) : value
  return {
    api,
    all,
    answerOf: ({ responses }: ApiOperation, status: string): Answer =>
      followed('responses', responses[status]!),
    parametersOf: ({ parameters }: ApiOperation): Parameter[] =>
      parameters.map((parameter) => followed('parameters', parameter)),
  }
}
