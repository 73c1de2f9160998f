import { createHmac } from 'node:crypto'
import { announcing } from './announce'
import type { Caller } from './caller'
import type { Model } from './event'
import { Opened, type Deployable, type Deps as BaseDeps, type HttpFunction, type Ports } from './function'
import { logWith, type Log } from './log'
import { setting, type Environment } from './operation'
import { parse } from './parse'
import { Repetition } from './repetition'
import { fieldsOf, readRequest, type RawRequest } from './request'
import { refuse, respond } from './respond'
import type { Reply } from './reply'
import { traced, type Trace } from './trace'

export * from './reply'

/** What the handler of an HTTP function is given. */
export interface Deps extends BaseDeps {
  caller: Caller
  /** The request as it came, for a handler that checks a signature or tells routes apart. */
  request: RawRequest
  /** The Idempotency-Key, for a handler whose effect is not one transaction. */
  idempotencyKey: string | undefined
}

type Handle<I, P> = (input: I, deps: Deps & P) => Promise<Reply>

/**
 * Makes a deployable of a handler: request in, caller recognised, input parsed, handler, answer out. It is the only
 * place that writes an HTTP answer and the only one that catches; a handler throws problems and faults alike.
 *
 * Facts that the handler emitted are sent to the broker as soon as they are committed; the answer does not wait for it.
 */
export const http =
  <I extends object, P extends object = object>(
    Input: Model<I>,
    handle: Handle<I, P>,
    ports: Ports<P> = {} as Ports<P>,
  ): Deployable =>
  (operation, parts, env) => {
    const opened = new Opened(operation, parts, ports, env)
    const contentOf = Input.secrets && operation.idempotent ? sealedWith(env) : bodyOf
    const answer = answering(opened, Input, handle, contentOf)
    const attributes = { 'kiosk.promise': operation.promise }
    const serve = (async (message, response) => {
      const { traceparent } = message.headers
      await traced(operation.name, first(traceparent), attributes, 'server', async (trace) => {
        const log = logWith({ operation: operation.name, trace: trace.traceId })
        try {
          const request = await readRequest(operation, message)
          respond(response, await answer(request, trace, log), trace)
        } catch (error) {
          refuse(response, error, trace, log)
        }
      })
    }) as HttpFunction
    serve.drain = () => opened.drain()
    return serve
  }

/** From a request that was read to its answer: caller recognised, repetition told apart, input parsed, handler. */
const answering =
  <I extends object, P extends object>(
    opened: Opened<P>,
    Input: Model<I>,
    handle: Handle<I, P>,
    contentOf: (request: RawRequest) => string | Buffer,
  ) =>
  async (request: RawRequest, trace: Trace, log: Log): Promise<Reply> => {
    const { operation } = opened
    const { caller = ['anyone'] } = operation
    const who: Caller = opened.recognise
      ? await opened.recognise(request.headers, caller)
      : { kind: 'anyone', id: '' }
    const fields = fieldsOf(request, Input)
    const repetition = new Repetition(opened, request, contentOf(request), who, trace.traceId)
    const input = parse(Input, fields, Input.tolerant ? 'tolerant' : 'strict')
    return repetition.answer(() => {
      const scope = announcing(
        operation,
        opened,
        trace,
        { correlationId: trace.traceId },
        (events) => opened.send(events, log),
        (tx, result) => repetition.store(tx, result),
      )
      const deps = { caller: who, request, idempotencyKey: repetition.key }
      return handle(input, Object.assign(opened.deps(trace, scope), deps, opened.ports))
    })
  }

const bodyOf = ({ body }: RawRequest) => body

/**
 * The body of a request with a password in it, as what tells it from another is kept: by an HMAC with the secret
 * VERIFICATION_PEPPER, so that who has the database alone cannot guess by it. A function without it does not start.
 */
function sealedWith(env: Environment): (request: RawRequest) => Buffer {
  const pepper = setting(env, 'VERIFICATION_PEPPER')
  return ({ body }) => createHmac('sha256', pepper).update('request\0').update(body).digest()
}

const first = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)
