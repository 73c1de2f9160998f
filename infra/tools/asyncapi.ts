import type { Models } from './models'
import { schemaOf } from './json-schema'
import { pascal } from './models'
import type { DeclaredOperation } from './tree'

/** The AsyncAPI 3.0 document: one channel for each broker, a message for each event, who sends and who hears it. */
export function asyncapiOf(operations: readonly DeclaredOperation[], { events }: Models): object {
  const domains = [...new Set([...events.keys()].map((path) => path.split('/')[0]!))]
  const named = [...events].map(([path, event]) => ({
    path,
    event,
    key: keyOf(path),
    domain: path.split('/')[0]!,
  }))
  const messages = named.map(({ path, event, key }) => [
    key,
    {
      name: event.type,
      title: path,
      contentType: 'application/json',
      headers: {
        type: 'object',
        required: [
          'ce-id',
          'ce-source',
          'ce-specversion',
          'ce-type',
          'ce-subject',
          'ce-time',
          'ce-dataschema',
        ],
        properties: {
          'ce-type': { const: event.type },
          'ce-source': { const: event.source },
          'ce-dataschema': { const: event.dataschema },
        },
      },
      payload: schemaOf(event.Data, 'allowed'),
    },
  ])
  const channels = domains.map((domain) => [
    domain,
    {
      address: `/kiosk/${domain}`,
      description: `The broker of ${domain}: what has happened there.`,
      messages: refs(
        named.filter((one) => one.domain === domain).map(({ key }) => key),
        (key) => `#/components/messages/${key}`,
      ),
    },
  ])
  const sendsAndHears = operations.flatMap(({ name, promise, emits = [], on = [] }) => [
    ...emits.map((path) => operationOf(`${name}-sends-${keyOf(path)}`, 'send', path, promise)),
    ...on.map((path) => operationOf(`${name}-hears-${keyOf(path)}`, 'receive', path, promise)),
  ])
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Kiosk events',
      version: '1',
      description: 'CloudEvents 1.0 in binary mode, through a broker for each domain.',
    },
    channels: Object.fromEntries(channels) as object,
    operations: Object.fromEntries(sendsAndHears) as object,
    components: { messages: Object.fromEntries(messages) as object },
  }
}

function operationOf(key: string, action: 'send' | 'receive', path: string, summary: string) {
  const channel = `#/channels/${path.split('/')[0]}`
  return [
    key,
    {
      action,
      summary,
      channel: { $ref: channel },
      messages: [{ $ref: `${channel}/messages/${keyOf(path)}` }],
    },
  ] as const
}

const refs = (keys: string[], to: (key: string) => string) =>
  Object.fromEntries(keys.map((key) => [key, { $ref: to(key) }]))

/** `orders/order-placed.v1` is `OrderPlacedV1`. */
const keyOf = (path: string) => pascal(path.split('/')[1]!.replace('.', '-'))
