import { stringify } from 'yaml'
import type { EventDefinition } from '#runtime/event'

/** One EventType for each event, on the Broker of its domain: what `kubectl get eventtypes` shows a newcomer. */
export const eventTypesOf = (events: Iterable<[string, EventDefinition]>): string =>
  '# Derived from the folders of events/ by `npm run generate`; change that, not this.\n' +
  [...events]
    .map(([path, definition]) => stringify(eventTypeOf(path, definition), { lineWidth: 110, version: '1.1' }))
    .join('---\n')

function eventTypeOf(path: string, { type, source, dataschema }: EventDefinition): object {
  const [domain, event] = path.split('/') as [string, string]
  const attributes = { type, source, dataschema, specversion: '1.0' }
  return {
    apiVersion: 'eventing.knative.dev/v1beta3',
    kind: 'EventType',
    metadata: { name: `${domain}.${event}`, namespace: 'kiosk' },
    spec: {
      reference: { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: domain },
      attributes: Object.entries(attributes).map(([name, value]) => ({ name, required: true, value })),
    },
  }
}
