import { keyOf } from './openapi/components'
import type { DeclaredOperation } from '../tree'

/** The channel that outside systems tell their events through. */
export const OUTSIDE = 'outside'

/** Where events go: to the brokers' ingress inside a cluster, and from outside to the shop's own address. */
export const SERVERS = {
  brokers: {
    host: 'broker-ingress.knative-eventing.svc.cluster.local',
    protocol: 'http',
    description: 'The ingress of the brokers, inside the cluster.',
  },
  shop: {
    host: 'kiosk.example',
    protocol: 'https',
    description: 'The shop as the world sees it.',
  },
}

/** The door for events from outside, with the credential that each sender has. */
export function outsideChannel({ promise, http = [], emits = [] }: DeclaredOperation): object {
  return {
    address: http[0]!.split(' ')[1],
    title: 'Events from outside',
    description: `${promise} In binary, structured or batch mode; a sender gives its events ids and sources of its own.`,
    servers: [{ $ref: '#/servers/shop' }],
    messages: Object.fromEntries(
      emits.map((path) => [keyOf(path), { $ref: `#/components/messages/${keyOf(path)}` }]),
    ),
  }
}
