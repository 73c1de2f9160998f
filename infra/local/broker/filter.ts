import type { Trigger } from '../manifests/manifests'
import type { CloudEvent } from './cloud-event'

/** Whether a Trigger wants an event: each attribute is there and is the same; an empty value is any (Knative). */
export const matches = ({ filter }: Trigger, { attributes }: CloudEvent): boolean =>
  Object.entries(filter).every(
    ([name, value]) => attributes.has(name) && (value === '' || attributes.get(name) === value),
  )

/** The only type that a Trigger wants; undefined if any. */
export const typeWanted = ({ filter }: Trigger): string | undefined => filter['type'] || undefined
