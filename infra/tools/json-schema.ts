import { getMetadataStorage } from 'class-validator'
import { targetConstructorToSchema } from 'class-validator-jsonschema'
import type { Model } from '#runtime/event'

export type Schema = Record<string, unknown>

/**
 * The JSON Schema (2020-12) of a class with class-validator decorators; nested classes come inline, from
 * `Model.nested`, since types are not reflected. Unknown fields are refused in requests and allowed in events.
 */
export function schemaOf(Class: Model, unknownFields: 'refused' | 'allowed'): Schema {
  const schema = targetConstructorToSchema(Class, {
    classValidatorMetadataStorage: getMetadataStorage(),
    additionalConverters: {
      nestedValidation: (meta) => schemaOf(nestedOf(meta.target as Model, meta.propertyName), unknownFields),
      isISO31661Alpha2: () => ({ type: 'string', pattern: '^[A-Z]{2}$' }),
      isIso8601: () => ({ type: 'string', format: 'date-time' }),
      matches: (meta) => ({ type: 'string', pattern: (meta.constraints[0] as RegExp).source }),
    },
  }) as Schema
  return { ...schema, ...(unknownFields === 'refused' && { additionalProperties: false }) }
}

function nestedOf(target: Model, property: string): Model {
  const Nested = target.nested?.[property]
  if (!Nested)
    throw new Error(`${target.name}.${property} has @ValidateNested but is not in ${target.name}.nested`)
  return Nested
}
