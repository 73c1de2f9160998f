import { OUTSIDE, outsideChannel, SERVERS } from './asyncapi-outside'
import { schemaOf } from './json-schema'
import type { Models } from './models'
import { keyOf } from './openapi/components'
import { SECURITY_SCHEMES } from './openapi/security'
import { DOMAINS } from './openapi/texts'
import type { DeclaredOperation } from '../tree'

/** The AsyncAPI 3.0 document: one channel for each broker, a message for each event, who sends and who hears it. */
export function asyncapiOf(operations: readonly DeclaredOperation[], models: Models): object {
  const paths = [...models.events.keys()]
  const domains = [...new Set(paths.map(domainOf))]
  const channels = domains.map((domain) => [
    domain,
    {
      address: `/kiosk/${domain}`,
      title: `The broker of ${domain}`,
      description: `What has happened in ${domain}.`,
      servers: [{ $ref: '#/servers/brokers' }],
      messages: messagesAt(
        paths.filter((path) => domainOf(path) === domain),
        '#/components/messages',
      ),
    },
  ])
  const sendsAndHears = operations.flatMap((operation) => {
    const { name, emits = [], on = [] } = operation
    return [
      ...emits.map((path) => [`${name}-sends-${keyOf(path)}`, brokered('send', path, operation)]),
      ...on.map((path) => [`${name}-hears-${keyOf(path)}`, brokered('receive', path, operation)]),
    ]
  })
  const outside = operations.filter(({ name }) => models.envelopes.has(name))
  return {
    asyncapi: '3.0.0',
    id: 'urn:kiosk:events',
    info: {
      title: 'Kiosk events',
      version: '1',
      description: `CloudEvents 1.0 in binary mode, through a broker for each domain. Each is delivered at least once and in any order: who hears one remembers its \`source\` and \`id\`. Data may get new fields, so unknown ones should be left alone.`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: domains.map((name) => ({ name, description: DOMAINS[name] ?? name })),
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: Object.fromEntries([
      ...channels,
      ...outside.map((one) => [OUTSIDE, outsideChannel(one)]),
    ]) as object,
    operations: Object.fromEntries([
      ...sendsAndHears,
      ...outside.map(({ name, promise, emits = [] }) => [
        `${name}-takes`,
        {
          ...operationAt(OUTSIDE, 'receive', promise, emits),
          security: [{ $ref: '#/components/securitySchemes/producerCredential' }],
        },
      ]),
    ]) as object,
    components: {
      messages: Object.fromEntries(paths.map((path) => [keyOf(path), messageOf(path, models)])) as object,
      messageTraits: { cloudEvent: CLOUD_EVENT },
      securitySchemes: { producerCredential: omitted(SECURITY_SCHEMES.producerCredential) },
    },
  }
}

const domainOf = (path: string) => path.split('/')[0]!

const omitted = ({ type, scheme, description }: typeof SECURITY_SCHEMES.producerCredential) => ({
  type,
  scheme,
  description,
})

const messagesAt = (paths: string[], home: string) =>
  Object.fromEntries(paths.map((path) => [keyOf(path), { $ref: `${home}/${keyOf(path)}` }]))

function brokered(action: 'send' | 'receive', path: string, { promise }: DeclaredOperation) {
  return operationAt(domainOf(path), action, promise, [path])
}

function operationAt(channel: string, action: 'send' | 'receive', summary: string, paths: string[]) {
  return {
    action,
    summary,
    channel: { $ref: `#/channels/${channel}` },
    messages: paths.map((path) => ({ $ref: `#/channels/${channel}/messages/${keyOf(path)}` })),
  }
}

const HEADER = { type: 'string' }

/** The context attributes that every event of the shop has, as headers (CloudEvents HTTP binding 1.0.2, section 3.1). */
const CLOUD_EVENT = {
  contentType: 'application/json',
  headers: {
    type: 'object',
    required: ['ce-specversion', 'ce-id', 'ce-type', 'ce-source', 'ce-subject', 'ce-time', 'ce-dataschema'],
    properties: {
      'ce-specversion': { const: '1.0' },
      'ce-id': {
        ...HEADER,
        format: 'uuid',
        description: 'With the source: unique, and the same at each delivery.',
      },
      'ce-type': HEADER,
      'ce-source': { ...HEADER, format: 'uri' },
      'ce-subject': { ...HEADER, description: 'The id of what it is about.' },
      'ce-time': { ...HEADER, format: 'date-time' },
      'ce-dataschema': { ...HEADER, format: 'uri', description: 'Where the schema of the data stands.' },
      'ce-partitionkey': { ...HEADER, description: 'The same as the subject.' },
      'ce-correlationid': { ...HEADER, description: 'The trace of the first request.' },
      'ce-causationid': { ...HEADER, description: 'The id of the event that led to it, if one did.' },
      'ce-sequence': { ...HEADER, description: 'Grows with each event of its domain.' },
      traceparent: { ...HEADER, description: 'W3C Trace Context.' },
    },
  },
  correlationId: { location: '$message.header#/ce-correlationid' },
}

function messageOf(path: string, { events, examples, docs }: Models): object {
  const event = events.get(path)!
  return {
    name: event.type,
    title: path,
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    headers: {
      type: 'object',
      properties: {
        'ce-type': { const: event.type },
        'ce-source': { const: event.source },
        'ce-dataschema': { const: event.dataschema },
      },
    },
    payload: schemaOf(event.Data, 'allowed', { docs }),
    examples: Object.entries(examples.get(path)!).map(([name, payload]) => ({
      name: name.replace(/^\d+-/, ''),
      payload,
    })),
  }
}
