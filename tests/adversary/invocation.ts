import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller, RecogniseCaller } from '#runtime/caller'
import type { Parts } from '#runtime/function'
import type { Operation } from '#runtime/operation'
import { NOTICE_SECRET } from '../support/payments'
import { FUNCTIONS } from './functions'
import type { Process } from './process'
import type { Domain } from './shop'
import type { Task } from './task'
import type { World } from './world'
import type { StoredEvent } from '#runtime/binary-event'

/** Runs a function of its own for one message, as the build composes it, with everything it reaches in the scheduler's hands. */
export async function invoke(
  world: World,
  { name, message, answered }: Task,
  process: Process,
): Promise<void> {
  const { operation, deploy } = FUNCTIONS.get(name)!
  const { headers, body, url = '/', method = 'POST' } = message()
  const key = world.newId()
  const env = {
    ...world.shop.outside.introduce(key, process),
    ...{ PAYMENT_GATEWAY_NOTICE_SECRET: NOTICE_SECRET, MAILBOX: world.mailbox },
    ...{ VIEW_CART_URL: 'http://nowhere', VIEW_PRODUCT_URL: 'http://nowhere' },
    REPORT_ORDERS_FIGURES_URL: 'http://nowhere',
    OPERATION_URL: 'http://{operation}',
    ...('ce-type' in headers && { KIOSK_DOOR: 'events' }),
  }
  const run = deploy(operation, partsOf(world, operation, process), env)
  const request = { method, url, headers, rawBody: body } as unknown as IncomingMessage
  await run(request, responseTo(process, answered))
  await run.drain()
  world.shop.outside.forget(key)
}

function partsOf(world: World, { domain, caller = [], emits = [] }: Operation, process: Process): Parts {
  const publish = (event: StoredEvent) =>
    process.submit('publish', `publish ${event.type}`, async () => world.publish(event))
  return {
    database: () => ({ ...world.shop.databases[domain as Domain], end: () => Promise.resolve() }),
    ...(emits.length > 0 && { publisher: () => publish }),
    ...(caller.some((kind) => kind === 'customer' || kind === 'staff') && { callers: () => callerSaid }),
    clock: { now: () => world.now },
    ids: { next: () => world.newId() },
  }
}

/** Who asks is said and not proved: tokens are none of an order's business. */
const callerSaid: RecogniseCaller = async ({ authorization }) => JSON.parse(authorization!) as Caller

function responseTo(process: Process, answered: Task['answered']): ServerResponse {
  const response = {
    ...{ headersSent: false, status: 0, headers: {} as Record<string, unknown> },
    writeHead: (status: number, headers: Record<string, unknown>) =>
      Object.assign(response, { headersSent: true, status, headers }),
    end: () => {
      process.trace(`${process.name}: answered ${response.status}`)
      if (process.state === 'alive') answered(response.status, response.headers)
    },
    destroy: () => undefined,
  }
  return response as unknown as ServerResponse
}
