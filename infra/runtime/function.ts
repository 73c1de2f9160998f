import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StoredEvent } from './binary-event'
import type { Cache } from './cache'
import type { RecogniseCaller } from './caller'
import { clockIn, systemIds, type Clock, type Ids } from './clock'
import type { Connections, Database, Scope } from './database'
import { logWith, type Log } from './log'
import type { Environment, Operation } from './operation'
import { sendAnnounced } from './outbox'
import type { Publish } from './publish'
import type { Trace } from './trace'

/** What the host serves: an HTTP function of the functions framework, and a way to finish what it began. */
export interface HttpFunction {
  (request: IncomingMessage & { rawBody?: Buffer }, response: ServerResponse): Promise<void>
  /** Resolves when nothing is under way any more; the host calls it on SIGTERM, after the last answer. */
  drain(): Promise<void>
}

/** The default export of a handler.ts: the build gives it its operation, what it needs, and its settings. */
export type Deployable = (operation: Operation, parts: Parts, env: Environment) => HttpFunction

/** What `needs` in function.json brings into a bundle; what is not needed is not bundled. */
export interface Parts {
  database?: (env: Environment) => Connections
  cache?: (env: Environment) => Cache
  callers?: (env: Environment) => RecogniseCaller
  publisher?: (env: Environment) => Publish
  clock?: Clock
  ids?: Ids
}

/** Adapters to the outside world that a folder brings along, opened once for each process. */
export type Ports<P> = { [K in keyof P]: (env: Environment) => P[K] }

/** What every handler is given, whoever woke it. */
export interface Deps {
  db: Database
  cache: Cache
  clock: Clock
  ids: Ids
  trace: Trace
  log: Log
}

/** A process's share of the outside: opened at first use, so that a cold start waits for nothing it does not use. */
export class Opened<P> {
  readonly clock: Clock
  readonly ids: Ids
  readonly database: Connections | undefined
  readonly cache: Cache | undefined
  readonly recognise: RecogniseCaller | undefined
  readonly ports: P
  readonly #publish: Publish | undefined
  readonly #underWay = new Set<Promise<void>>()

  constructor(
    readonly operation: Operation,
    parts: Parts,
    ports: Ports<P>,
    env: Environment,
  ) {
    this.clock = parts.clock ?? clockIn(env)
    this.ids = parts.ids ?? systemIds
    this.database = parts.database?.(env)
    this.cache = parts.cache?.(env)
    this.recognise = parts.callers?.(env)
    this.#publish = parts.publisher?.(env)
    const opened = Object.entries<(env: Environment) => unknown>(ports).map(([name, open]) => [
      name,
      open(env),
    ])
    this.ports = Object.fromEntries(opened) as P
  }

  /** The deps of one request or event. Asking for what `needs` does not list is a mistake of ours, said at once. */
  deps(trace: Trace, scope: Scope): Deps {
    const { operation, clock, ids, cache } = this
    const missing = (need: string): never => {
      throw new Error(`${operation.name} uses ${need} but function.json does not list it in "needs"`)
    }
    const db = this.database?.within(scope)
    return {
      clock,
      ids,
      trace,
      log: logWith({ operation: operation.name, trace: trace.traceId }),
      get db() {
        return db ?? missing('postgres')
      },
      get cache() {
        return cache ?? missing('redis')
      },
    }
  }

  /** Sends what was announced, while the answer is made; `drain` waits for it. */
  send(events: StoredEvent[], log: Log): void {
    if (events.length === 0 || !this.database || !this.#publish) return
    const work = sendAnnounced(events, this.database, this.#publish, log).finally(() =>
      this.#underWay.delete(work),
    )
    this.#underWay.add(work)
  }

  async drain(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    await this.database?.end()
  }
}
