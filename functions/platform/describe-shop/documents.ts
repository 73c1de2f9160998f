/** What the page reads of the OpenAPI document. */
export interface Api {
  info: { title: string; summary: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, ApiOperation>>
  components: Record<string, Record<string, unknown>>
}

export interface ApiOperation {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters: (Parameter | Ref)[]
  requestBody?: { content: Record<string, Content> }
  responses: Record<string, Answer | Ref>
}

export interface Ref {
  $ref: string
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: Schema
  example?: unknown
}

/** A JSON Schema as the derived documents have it. */
export interface Schema {
  type?: string | string[]
  enum?: (string | number | null)[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}

export interface Content {
  schema: Schema | Ref
  example?: unknown
  examples?: Record<string, { value?: unknown }>
}

export interface Answer {
  description: string
  content?: Record<string, Content>
}

/** What the page reads of the AsyncAPI document. */
export interface Events {
  operations: Record<string, { action: 'send' | 'receive'; channel: Ref; messages: Ref[] }>
  components: { messages: Record<string, { title: string }> }
}

/** What a reference leads to, in its own document. */
export const followed = <T extends object>(api: Api, value: T | Ref): T => {
  if (!('$ref' in value)) return value
  const [, , kind = '', name = ''] = value.$ref.split('/')
  return api.components[kind]![name] as T
}
