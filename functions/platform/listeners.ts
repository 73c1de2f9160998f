import wiring from './wiring.json'

/** A Trigger of the shop: which Service it brings events of a type to. */
export interface Listener {
  operation: string
  service: string
  trigger: string
  /** The CloudEvents type. */
  type: string
}

/** Every Trigger, as the function.json files say. */
export const LISTENERS: readonly Listener[] = wiring.listeners

/** The operation that keeps a domain's outbox. */
export const RELAYS: Readonly<Record<string, string>> = wiring.relays

/** The domain that tells events of a type; undefined for a type that is none of ours. */
export const domainOf = (type: string): string | undefined => /^shop\.kiosk\.([a-z-]+)\./.exec(type)?.[1]
