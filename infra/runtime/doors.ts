import type { IncomingMessage } from 'node:http'
import type { Connections } from './database'
import type { Deployable, HttpFunction, Parts } from './function'

/** What may stand behind one address inside the cluster: each is asked for what is its own. */
interface Doors {
  /** A timer's tick. */
  tick: Deployable
  /** Any other event. */
  event?: Deployable
  /** A request of another operation. */
  ask?: Deployable
}

/** The type of the event that a PingSource sends (knative.dev/docs, "PingSource"). */
const TICK = 'dev.knative.sources.ping'

/** One deployable of several, with one pool of connections between them. */
export const behindOneDoor =
  ({ tick, event = tick, ask = event }: Doors): Deployable =>
  (operation, parts, env) => {
    const shared = withOnePool(parts)
    const opened = new Map(
      [...new Set([tick, event, ask])].map((door) => [door, door(operation, shared, env)]),
    )
    const doorFor = ({ method, headers }: IncomingMessage) => {
      if (method !== 'POST') return ask
      return headers['ce-type'] === TICK ? tick : event
    }
    const serve: HttpFunction = (message, response) => opened.get(doorFor(message))!(message, response)
    serve.drain = async () => {
      await Promise.all([...opened.values()].map((door) => door.drain()))
    }
    return serve
  }

function withOnePool({ database, ...parts }: Parts): Parts {
  let opened: Connections | undefined
  let ending: Promise<void> | undefined
  if (!database) return parts
  return {
    ...parts,
    database: (env) => {
      const pool = (opened ??= database(env))
      return { ...pool, end: () => (ending ??= pool.end()) }
    },
  }
}
