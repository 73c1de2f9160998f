import { createHash } from 'node:crypto'
import {
  DiscardPolicy,
  headers as natsHeaders,
  type JetStreamManager,
  type MsgHdrs,
  nanos,
  NatsError,
  RetentionPolicy,
  StorageType,
} from 'nats'
import type { CloudEvent } from './cloud-event'
import { binaryHeaders, eventFromHttp } from './http-binding'

/** The stream in which the events of one broker are kept, whoever has had them already. */
export interface BrokerStream {
  readonly broker: string
  /** The stream's name in JetStream, e.g. `KIOSK_ORDERS`. */
  readonly name: string
  /** Subject of the events of one type, or of all. */
  subject(type?: string): string
  /**
   * Stores an event; resolves when JetStream has acknowledged it, and says whether it was there already.
   * Rejects when JetStream cannot be reached or does not acknowledge in `timeoutMs`; the event may be stored even so.
   */
  store(event: CloudEvent, options: { timeoutMs: number; hops?: number }): Promise<{ duplicate: boolean }>
  /** Creates the stream, or brings its limits up to date. */
  ensure(): Promise<void>
}

const DAY_MS = 86_400_000
const MAX_AGE_MS = 7 * DAY_MS
const DUPLICATE_WINDOW_MS = 120_000
const HOPS = 'kiosk-hops'
const LONGEST_TYPE = 512
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * The stream of one broker on file storage. It survives a crash of nats-server; a power cut can cost the last writes,
 * since the server flushes to disk in the background.
 */
export function brokerStream(manager: JetStreamManager, namespace: string, broker: string): BrokerStream {
  for (const name of [namespace, broker]) {
    // An underscore is in no such name, and so no two brokers share a stream.
    if (!DNS_LABEL.test(name))
      throw new Error(`"${name}" is no DNS label, so it cannot name a namespace or a broker`)
  }
  const name = `${namespace}_${broker}`.toUpperCase()
  const subject = (type?: string) => `${namespace}.${broker}.${type === undefined ? '>' : typeTokens(type)}`
  const jetstream = manager.jetstream()
  return {
    broker,
    name,
    subject,
    async store(event, { timeoutMs, hops = 0 }) {
      const headers = natsHeaders()
      for (const [key, value] of Object.entries(binaryHeaders(event))) headers.append(key, value)
      if (hops > 0) headers.append(HOPS, String(hops))
      const options = { headers, msgID: messageId(event), timeout: timeoutMs, expect: { streamName: name } }
      return jetstream.publish(subject(event.type), event.data, options)
    },
    async ensure() {
      const limits = {
        subjects: [subject()],
        max_age: nanos(MAX_AGE_MS),
        duplicate_window: nanos(DUPLICATE_WINDOW_MS),
        discard: DiscardPolicy.Old,
      }
      try {
        await manager.streams.info(name)
        await manager.streams.update(name, limits)
      } catch (error) {
        if (!isMissing(error)) throw error
        const keeping = { storage: StorageType.File, retention: RetentionPolicy.Limits }
        await manager.streams.add({ name, ...limits, ...keeping })
      }
    },
  }
}

/** The event in a message of the stream and how many replies led to it; throws InvalidEvent if it is none. */
export function storedEvent(message: { headers?: MsgHdrs | undefined; data: Uint8Array }): {
  event: CloudEvent
  hops: number
} {
  const headers = Object.fromEntries([...(message.headers ?? [])])
  return {
    event: eventFromHttp(headers, Buffer.from(message.data)),
    hops: Number(message.headers?.get(HOPS) ?? 0),
  }
}

/** Whether JetStream says that a stream or a consumer does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof NatsError && error.api_error?.code === 404

/**
 * What JetStream recognises a repeated event by: source and id, as CloudEvents 1.0.2 says (section 3.1, `id`).
 *
 * Knative's JetStream brokers take the id alone, so that of two events of different sources with one id the second
 * is dropped with a 202. Kiosk's ids are UUIDs, which are safe on both.
 */
const messageId = ({ source, id }: CloudEvent): string =>
  `${encodeURIComponent(source)} ${encodeURIComponent(id)}`

/**
 * A type as the tokens of a NATS subject: the dots stay, what a subject does not allow is percent-encoded, an empty
 * token is a single %. A very long type is its hash, because the server drops a client whose subject is too long.
 */
function typeTokens(type: string): string {
  const token = (text: string) => (text === '' ? '%' : encodeURIComponent(text).replaceAll('*', '%2A'))
  const tokens = type.split('.').map(token).join('.')
  return tokens.length > LONGEST_TYPE ? `%${createHash('sha256').update(type).digest('hex')}` : tokens
}
