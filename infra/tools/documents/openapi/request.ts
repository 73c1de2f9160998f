import type { Model } from '#runtime/event'
import type { Schema } from '../json-schema'
import { eventBody, eventHeaders } from './cloudevents'
import { pascal } from '../models'
import type { Components } from './components'
import { exampleOf } from './examples'
import { headerParameters } from './headers'
import type { DeclaredOperation } from '../../tree'

/** What an operation is sent over one of its routes: parameters, and a body if the method has one. */
export function requestOf(operation: DeclaredOperation, route: string, components: Components): object {
  const Input = components.models.inputs.get(operation.name)
  if (Input?.raw) {
    const body = eventBody(operation, components)
    return {
      parameters: [...eventHeaders(operation, components), ...headerParameters(operation)],
      requestBody: body,
    }
  }
  const whole = Input ? components.request(Input) : {}
  const { inPath, rest } = split(whole, route, operation)
  const example = Input ? (exampleOf(Input) as Record<string, unknown>) : {}
  const parameters = [
    ...inPath.map(([name, schema]) => parameter(name, 'path', schema, example[name], true)),
    ...(hasBody(route) ? [] : queryOf(rest, example)),
    ...headerParameters(operation),
  ]
  const fields = Object.entries(rest.properties)
  if (!Input || !hasBody(route) || fields.length === 0) return { parameters }
  const sent = Object.fromEntries(Object.entries(example).filter(([name]) => name in rest.properties))
  return { parameters, requestBody: bodyOf(Input, { ...whole, ...rest }, sent, components, operation) }
}

/** Whether a method comes with content; what a GET or DELETE says stands in its query. */
export const hasBody = (route: string): boolean => /^(POST|PUT|PATCH) /.test(route)

interface Fields {
  properties: Record<string, Schema>
  required: string[]
}

/** The fields that stand in the path, and the others; what one route has in its path no other route asks for. */
function split(
  input: Schema,
  route: string,
  { http = [] }: DeclaredOperation,
): { inPath: [string, Schema][]; rest: Fields } {
  const properties = Object.entries((input['properties'] ?? {}) as Record<string, Schema>)
  const required = (input['required'] ?? []) as string[]
  const here = namesIn(route)
  const elsewhere = http.flatMap(namesIn)
  const rest = properties.filter(([name]) => !elsewhere.includes(name))
  return {
    inPath: properties.filter(([name]) => here.includes(name)),
    rest: {
      properties: Object.fromEntries(rest),
      required: required.filter((name) => !elsewhere.includes(name)),
    },
  }
}

const namesIn = (route: string) => [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

function queryOf({ properties, required }: Fields, example: Record<string, unknown>) {
  return Object.entries(properties).map(([name, schema]) =>
    parameter(name, 'query', schema, example[name], required.includes(name)),
  )
}

/** A parameter is there or it is not: null has no place in an address. */
function parameter(name: string, where: string, schema: Schema, example: unknown, required: boolean) {
  const { description, type, enum: values, ...rest } = schema
  const plain = {
    ...rest,
    ...(type !== undefined && { type: [type].flat().find((one) => one !== 'null') }),
    ...(Array.isArray(values) && { enum: values.filter((value) => value !== null) }),
  }
  return {
    name,
    in: where,
    ...(required && { required }),
    ...(description !== undefined && { description }),
    schema: plain,
    ...(example !== undefined && { example }),
  }
}

function bodyOf(
  Input: Model,
  { required, ...schema }: Schema & Fields,
  example: object,
  components: Components,
  { name }: DeclaredOperation,
) {
  const body = components.named(pascal(name), Input, () => ({
    ...schema,
    ...(required.length > 0 && { required }),
  }))
  return {
    ...(required.length > 0 && { required: true }),
    content: { 'application/json': { schema: body, example } },
  }
}
