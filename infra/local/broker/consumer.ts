import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  type JetStreamManager,
  nanos,
  ReplayPolicy,
} from 'nats'
import type { Trigger } from '../manifests/manifests'
import { typeWanted } from './filter'
import { type BrokerStream, isMissing } from './stream'

const PREFIX = 'TRIGGER_'

/** The durable consumer of a Trigger. A Trigger's name may have dots, which a consumer's may not. */
export const consumerName = (trigger: Trigger): string => `${PREFIX}${trigger.name.replaceAll('.', '_')}`

/** How many events of one Trigger may wait for their next try before no new ones come. */
const MOST_UNACKNOWLEDGED = 1_000

/**
 * Creates the consumer of a Trigger, which begins now: events before it are not for it, as in Knative. One that is
 * there keeps its position; a changed filter takes effect from there.
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  stream: BrokerStream,
  trigger: Trigger,
  { ackWaitMs, inFlight }: { ackWaitMs: number; inFlight: number },
): Promise<void> {
  const name = consumerName(trigger)
  const changeable = {
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: Math.max(MOST_UNACKNOWLEDGED, 2 * inFlight),
    filter_subject: stream.subject(typeWanted(trigger)),
  }
  const add = (position: Partial<ConsumerConfig>) =>
    manager.consumers.add(stream.name, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      replay_policy: ReplayPolicy.Instant,
      max_deliver: -1,
      ...changeable,
      ...position,
    })
  const known = await infoOf(manager, stream, trigger)
  if (!known) {
    await add({ deliver_policy: DeliverPolicy.New })
  } else if (known.config.filter_subject !== changeable.filter_subject) {
    // nats-server 2.9 skips events after its filter was updated: begin anew, where it stood.
    const opt_start_seq = await position(manager, known)
    await manager.consumers.delete(stream.name, name)
    await add({ deliver_policy: DeliverPolicy.StartSequence, opt_start_seq })
  } else {
    await manager.consumers.update(stream.name, name, changeable)
  }
}

/** The first event that may not have been handled yet; some after it may have been, and come again. */
async function position(manager: JetStreamManager, consumer: ConsumerInfo): Promise<number> {
  if (consumer.num_pending + consumer.num_ack_pending > 0) return consumer.ack_floor.stream_seq + 1
  const { state } = await manager.streams.info(consumer.stream_name)
  return state.last_seq + 1
}

/** Deletes the consumers of Triggers that are no more; consumers that others made are left alone. */
export async function forgetConsumers(
  manager: JetStreamManager,
  stream: BrokerStream,
  triggers: readonly Trigger[],
): Promise<void> {
  const wanted = new Set(triggers.filter(({ broker }) => broker === stream.broker).map(consumerName))
  const names: string[] = []
  for await (const { name } of manager.consumers.list(stream.name)) names.push(name)
  const stale = names.filter((name) => name.startsWith(PREFIX) && !wanted.has(name))
  await Promise.all(stale.map((name) => manager.consumers.delete(stream.name, name)))
}

/** What JetStream knows of a Trigger's consumer; undefined if there is none. */
export async function infoOf(
  manager: JetStreamManager,
  stream: BrokerStream,
  trigger: Trigger,
): Promise<ConsumerInfo | undefined> {
  try {
    return await manager.consumers.info(stream.name, consumerName(trigger))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
