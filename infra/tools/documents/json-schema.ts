import { getMetadataStorage } from 'class-validator'
import { targetConstructorToSchema } from 'class-validator-jsonschema'
import type { Model } from '#runtime/event'
import type { Docs } from './json-schema-docs'

export type Schema = Record<string, unknown>

/** What a schema may be told beyond its class. */
export interface SchemaOptions {
  /** What docstrings say of the fields; each becomes a `description`. */
  docs?: Docs
  /**
   * It is sent to us: null is then the same as a field left out, since class-validator's `IsOptional` passes both, and a
   * country may be written small, as its `IsISO31661Alpha2` has it. What we tell has it in capitals.
   */
  isSent?: boolean
  /** Where a nested class has a schema of its own to point to; undefined writes it inline. */
  refOf?: (Class: Model) => string | undefined
}

/**
 * The JSON Schema (2020-12) of a class with class-validator decorators; nested classes come inline, from
 * `Model.nested`, since types are not reflected. Unknown fields are refused in requests and allowed in events.
 */
export function schemaOf(
  Class: Model,
  unknownFields: 'refused' | 'allowed',
  options: SchemaOptions = {},
): Schema {
  const { docs, refOf, isSent = false } = options
  const nested = (Nested: Model): Schema => {
    const ref = refOf?.(Nested)
    return ref === undefined ? schemaOf(Nested, unknownFields, options) : { $ref: ref }
  }
  const schema = targetConstructorToSchema(Class, {
    classValidatorMetadataStorage: getMetadataStorage(),
    additionalConverters: {
      nestedValidation: (meta) => nested(nestedOf(meta.target as Model, meta.propertyName)),
      isISO31661Alpha2: () => ({ type: 'string', pattern: isSent ? '^[A-Za-z]{2}$' : '^[A-Z]{2}$' }),
      isIso8601: () => ({ type: 'string', format: 'date-time' }),
      matches: (meta) => ({ type: 'string', pattern: portable((meta.constraints[0] as RegExp).source) }),
    },
  }) as Schema
  const required = new Set(schema['required'] as string[] | undefined)
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).map(
    ([name, field]) => {
      const description = docs?.field(Class, name)
      const tidy = { ...tidied(field), ...(description !== undefined && { description }) }
      return [name, isSent && !required.has(name) ? orNull(tidy) : tidy] as const
    },
  )
  const { properties: _, ...rest } = schema
  return {
    ...(fields.length > 0 && { properties: Object.fromEntries(fields) }),
    ...rest,
    ...(unknownFields === 'refused' && { additionalProperties: false }),
  }
}

function nestedOf(target: Model, property: string): Model {
  const Nested = target.nested?.[property]
  if (!Nested)
    throw new Error(`${target.name}.${property} has @ValidateNested but is not in ${target.name}.nested`)
  return Nested
}

/** Classes of characters that not every reader of JSON Schema knows, spelled out. */
const portable = (pattern: string): string =>
  pattern
    .replaceAll('\\P{Cc}', `[^${CONTROLS}]`)
    .replaceAll('\\p{Cc}', CONTROLS)
    .replaceAll('\\p{Zs}', '[ \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]')

const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f'

/** Without what says nothing more: that something with a type is not null. A moment that may be a day says so. */
function tidied({ not, ...field }: Schema): Schema {
  const { pattern, format, ...rest } = field
  const isTyped = 'type' in field || '$ref' in field
  const mayBeDay =
    format === 'date-time' && typeof pattern === 'string' && new RegExp(pattern).test('2026-03-01')
  return {
    ...(mayBeDay ? { ...rest, pattern, anyOf: [{ format: 'date-time' }, { format: 'date' }] } : field),
    ...(not !== undefined && !isTyped && { not }),
  }
}

function orNull(field: Schema): Schema {
  const { type, enum: values } = field
  if (typeof type !== 'string') return field
  return {
    ...field,
    type: [type, 'null'],
    ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }),
  }
}
