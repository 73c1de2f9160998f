import { createHash } from 'node:crypto'
import type { Schema } from './json-schema'

/** What of an event has ever been published: each of its fields with its constraints, and each example by its hash. */
export interface PublishedEvent {
  /** By place, as `lines[].sku`: what it may be; `!` behind it when it is always there. */
  fields: Record<string, string>
  /** By file name, SHA-256 of what it says. */
  examples: Record<string, string>
}

/** By event path. It only ever grows: what was published once, somebody may still send, keep or rely on. */
export type Published = Record<string, PublishedEvent>

/** The file that holds it, a derived one that remembers. */
export const PUBLISHED = 'events/published.json'

type Examples = ReadonlyMap<string, Record<string, object>>

/** What is published when the tree is: what was, as it was, and what is new. */
export function publishedWith(
  before: Published,
  schemas: Readonly<Record<string, Schema>>,
  examples: Examples,
): Published {
  const now = publishedNow(schemas, examples)
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()
  return Object.fromEntries(
    paths.map((path) => [
      path,
      {
        fields: { ...now[path]?.fields, ...before[path]?.fields },
        examples: { ...now[path]?.examples, ...before[path]?.examples },
      },
    ]),
  )
}

/**
 * What the tree has taken back of what it published, in sentences. An event of a version may gain optional fields, and
 * nothing else: a consumer of then must be able to read an event of today, and a consumer of today one of then. Any
 * other change is another version.
 */
export function takenBack(
  before: Published,
  schemas: Readonly<Record<string, Schema>>,
  examples: Examples,
): string[] {
  const now = publishedNow(schemas, examples)
  return Object.entries(before).flatMap(([path, was]) => {
    const is = now[path]
    if (!is) return [`${path} is gone`]
    const changed = Object.entries(was.fields).flatMap(([place, constraints]) => {
      const today = is.fields[place]
      if (today === undefined) return [`${path}: ${place} is gone`]
      return today === constraints ? [] : [`${path}: ${place} was ${constraints} and is ${today}`]
    })
    const demanded = Object.keys(is.fields).filter(
      (place) =>
        !(place in was.fields) && is.fields[place]!.endsWith('!') && isPublished(parentOf(place), was),
    )
    const rewritten = Object.entries(was.examples).flatMap(([file, hash]) => {
      if (is.examples[file] === undefined) return [`${path}: the example ${file} is gone`]
      return is.examples[file] === hash ? [] : [`${path}: the example ${file} says something else`]
    })
    return [...changed, ...demanded.map((place) => `${path}: ${place} is new and required`), ...rewritten]
  })
}

const publishedNow = (schemas: Readonly<Record<string, Schema>>, examples: Examples): Published =>
  Object.fromEntries(
    Object.entries(schemas).map(([path, schema]) => [
      path,
      {
        fields: Object.fromEntries(fieldsOf(schema)),
        examples: Object.fromEntries(
          Object.entries(examples.get(path) ?? {}).map(([file, data]) => [file, hashOf(data)]),
        ),
      },
    ]),
  )

const hashOf = (data: object) => createHash('sha256').update(JSON.stringify(data)).digest('hex')

const parentOf = (place: string) => place.replace(/(\[\]|(?:^|\.)[^.[\]]+)$/, '').replace(/\[\]$/, '')

/** The data itself always was. */
const isPublished = (place: string, { fields }: PublishedEvent) => place === '' || place in fields

function* fieldsOf(schema: Schema, place = ''): Generator<[place: string, constraints: string]> {
  const {
    properties = {},
    required = [],
    items,
  } = schema as {
    properties?: Record<string, Schema>
    required?: string[]
    items?: Schema
  }
  if (items) {
    yield [`${place}[]`, constraintsOf(items)]
    yield* fieldsOf(items, `${place}[]`)
  }
  for (const [name, field] of Object.entries(properties)) {
    const at = place === '' ? name : `${place}.${name}`
    yield [at, `${constraintsOf(field)}${required.includes(name) ? '!' : ''}`]
    yield* fieldsOf(field, at)
  }
}

/** What stands for itself or says nothing that a reader could rely on. */
const ELSEWHERE = ['$schema', '$id', 'properties', 'required', 'items', 'description', 'additionalProperties']

function constraintsOf(schema: Schema): string {
  const { type = 'any', ...rest } = schema
  const said = Object.entries(rest)
    .filter(([name]) => !ELSEWHERE.includes(name))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return [[type].flat().join(' or '), ...said].join(' ')
}
