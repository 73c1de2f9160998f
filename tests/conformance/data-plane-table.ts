import type { BrokerClass } from './target'

/**
 * What becomes of an event whose subscriber answers with a status, always:
 *
 * - `done`: the function has it
 * - `retried`: it is delivered again, and after the last try it is a dead letter
 * - `buried`: it is a dead letter at once
 * - `lost`: nobody gets it any more, and nobody is told
 */
export type Fate = 'done' | 'retried' | 'buried' | 'lost'

type Fates = Record<BrokerClass, Fate>

const everywhere = (fate: Fate): Fates => ({
  embedded: fate,
  openfaas: fate,
  'in-memory': fate,
  'jetstream-channel': fate,
  'jetstream-broker': fate,
})

/** Both brokers on JetStream end an event at what they think is for good, without a dead letter; ours copies them. */
const STRICT = { embedded: 'lost', 'jetstream-channel': 'lost', 'jetstream-broker': 'lost' } as const
/** A status that no function of ours gives to an event is somebody else's, on OpenFaaS. */
const FINAL: Fates = { ...STRICT, openfaas: 'retried', 'in-memory': 'buried' }
/** Of these the specification says that they are tried again. */
const DISPUTED: Fates = { ...STRICT, openfaas: 'retried', 'in-memory': 'retried' }

/** The table of Knative's data plane (specs/eventing/data-plane.md), with a column for each broker. */
export const FATES: [statuses: number[], fates: Fates][] = [
  [[200, 201, 202, 204], everywhere('done')],
  [[301, 302, 307], FINAL],
  [[400, 401, 403, 410, 422], FINAL],
  [[404, 409], DISPUTED],
  [[408, 429], everywhere('retried')],
  [[500, 502, 503, 504], everywhere('retried')],
]

/** What else the brokers differ in. */
export interface Habits {
  /** A success with a body that is no event. */
  textWithSuccess: Fate
  /** Whether a dead letter says how the last try went, in the attributes that Knative has for it. */
  letterSaysWhy: boolean
  /** To OPTIONS. */
  options: 200 | 405
  /** Whether a 202 with an event is a reply, which the specification forbids. */
  repliesWith202: boolean
  /** To an event in structured mode with an attribute that has to be percent-encoded in binary mode. */
  structuredUnicode: 202 | 500
}

const OURS = { repliesWith202: false, structuredUnicode: 202 } as const
const KNATIVES = { repliesWith202: true, structuredUnicode: 500 } as const

export const HABITS: Record<BrokerClass, Habits> = {
  embedded: { textWithSuccess: 'retried', letterSaysWhy: true, options: 200, ...OURS },
  openfaas: { textWithSuccess: 'retried', letterSaysWhy: true, options: 200, ...OURS },
  'in-memory': { textWithSuccess: 'retried', letterSaysWhy: true, options: 200, ...KNATIVES },
  'jetstream-channel': { textWithSuccess: 'retried', letterSaysWhy: true, options: 200, ...KNATIVES },
  'jetstream-broker': { textWithSuccess: 'retried', letterSaysWhy: false, options: 405, ...KNATIVES },
}
