import { typeOf, type Model } from '#runtime/event'
import { schemaOf, type Schema } from '../json-schema'
import { keyOf, type Components } from './components'
import type { DeclaredOperation } from '../../tree'

const LIMIT = 100

/**
 * The body of an operation that takes CloudEvents in any mode of the HTTP binding: the events are those it emits, since
 * it passes on what it took, and the attributes are those of its input.
 */
export function eventBody({ name, emits = [] }: DeclaredOperation, components: Components): object {
  const Attributes = components.models.envelopes.get(name)
  if (!Attributes) throw new Error(`${name} reads its body itself, but its input.ts has no class Attributes`)
  const event = { anyOf: emits.map((path) => eventOf(path, Attributes, components)) }
  const examples = (of: (path: string, components: Components) => object) =>
    Object.fromEntries(emits.map((path) => [keyOf(path), { value: of(path, components) }]))
  return {
    required: true,
    description: `An event in structured mode, up to ${LIMIT} of them as a batch, or the data of one whose attributes are \`ce-\` headers (CloudEvents 1.0.2, HTTP binding). An event may have 64 KiB.`,
    content: {
      'application/cloudevents+json': { schema: event, examples: examples(eventExample) },
      'application/cloudevents-batch+json': {
        schema: { type: 'array', items: event },
        example: emits.map((path) => eventExample(path, components)),
      },
      'application/json': {
        schema: { anyOf: emits.map((path) => components.data(path)) },
        examples: examples(firstOf),
      },
    },
  }
}

/** The attributes of an event in binary mode. */
export function eventHeaders({ name }: DeclaredOperation, { models }: Components): object[] {
  const Attributes = models.envelopes.get(name)
  if (!Attributes) return []
  const { properties } = schemaOf(Attributes, 'allowed', { docs: models.docs })
  return Object.entries(properties as Record<string, Schema>)
    .filter(([attribute]) => attribute !== 'datacontenttype')
    .map(([attribute, { description = '' }]) => ({
      name: `ce-${attribute}`,
      in: 'header',
      description:
        `In binary mode: the attribute \`${attribute}\` of the event. ${description as string}`.trim(),
      // Whatever stands there does not matter in the other modes.
      schema: { type: 'string' },
    }))
}

function eventOf(path: string, Attributes: Model, components: Components): Schema {
  const { Data } = components.models.events.get(path)!
  return components.named(`${keyOf(path)}Event`, Data, () => {
    const { docs } = components.models
    const { properties, ...rest } = schemaOf(Attributes, 'allowed', { docs, isSent: true })
    return {
      ...rest,
      properties: {
        ...(properties as object),
        type: { const: typeOf(path) },
        data: components.data(path),
        data_base64: { type: 'string', contentEncoding: 'base64', description: 'In place of `data`.' },
      },
      oneOf: [{ required: ['data'] }, { required: ['data_base64'] }],
    }
  })
}

/** What an outside system would send. */
function eventExample(path: string, components: Components): object {
  const data = firstOf(path, components)
  return {
    specversion: '1.0',
    id: 'delivery-4711',
    source: '/warehouses/north',
    type: typeOf(path),
    subject: components.models.events.get(path)!.subject(data),
    time: '2026-03-01T09:59:00Z',
    datacontenttype: 'application/json',
    data,
  }
}

const firstOf = (path: string, { models }: Components): object =>
  Object.values(models.examples.get(path)!)[0]!
