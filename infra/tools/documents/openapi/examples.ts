import type { Model } from '#runtime/event'
import { schemaOf, type Schema } from '../json-schema'
import { WORDS } from './words'

/**
 * An example of a class: each field has the word that `WORDS` has for it, else the least that its schema allows. The
 * words fit together and fit the catalogue that an embedded platform begins with, so that a request works as it stands.
 */
export function exampleOf(Class: Model, path = Class.name): object {
  const properties = (schemaOf(Class, 'allowed')['properties'] ?? {}) as Record<string, Schema>
  const fields = Object.entries(properties).map(([name, schema]) => {
    const Nested = Class.nested?.[name]
    if (!Nested) return [name, wordFor(Class, path, name) ?? leastOf(schema)]
    if (WORDS[`${Class.name}.${name}`] === LEFT_OUT) return [name, LEFT_OUT]
    const part = exampleOf(Nested, `${path}.${name}`)
    return [name, schema['type'] === 'array' ? [part] : part]
  })
  return Object.fromEntries(fields.filter(([, value]) => value !== LEFT_OUT)) as object
}

/** What stands for a field that an example is better without. */
export const LEFT_OUT = '(left out)'

/** The word of a field: by its place (`AddProduct.sku`), by the class it stands in, by its name. */
function wordFor(Class: Model, path: string, name: string): unknown {
  const places = [`${path}.${name}`, ...lineage(Class).map((one) => `${one}.${name}`), name]
  const place = places.find((one) => Object.hasOwn(WORDS, one))
  return place === undefined ? undefined : WORDS[place]
}

function lineage(Class: Model): string[] {
  const parent = Object.getPrototypeOf(Class) as Model | undefined
  return Class.name ? [Class.name, ...(parent ? lineage(parent) : [])] : []
}

function leastOf({ type, enum: values, format, minimum, minItems, items }: Schema): unknown {
  if (Array.isArray(values)) return values[0]
  if (type === 'integer' || type === 'number') return minimum ?? 0
  if (type === 'boolean') return true
  if (type === 'array') return minItems === undefined ? [] : [leastOf(items as Schema)]
  if (type === 'object') return {}
  return format === 'date-time' ? '2026-03-01T10:00:00.000Z' : 'text'
}
