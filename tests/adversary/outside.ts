import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { StoredEvent } from '#runtime/binary-event'
import type { Notice } from '../../infra/sandbox/charge'
import { front } from '../../infra/sandbox/front'
import type { Journal } from '../../infra/sandbox/journal'
import { Ledger, type Entry } from '../../infra/sandbox/ledger'
import { Till } from '../../infra/sandbox/till'
import type { Connections } from '#runtime/database'
import { readBody } from '#runtime/request'
import { shown } from '../../functions/orders/order'
import { orderOf } from '../../functions/orders/progress'
import { listening } from '../support/door'
import { API_KEY } from '../support/payments'
import type { Process } from './process'

/** What a run makes of what arrives outside. */
export interface Ear {
  publish: (event: StoredEvent) => void
  notice: (notice: Notice) => void
}

/**
 * What is outside of every function, in this process: the payment gateway, the broker's ingress, and view-order, which other
 * functions ask. Who calls is known by the key or the path that the function was given; the call is answered when the
 * scheduler lets it go on.
 */
export async function openOutside(orders: Connections) {
  const processes = new Map<string, Process>()
  let ear: Ear | undefined
  // It is never restarted here, so what it decided need not reach a disk.
  const journal = { append: () => undefined } as unknown as Journal<Entry>
  const ledger = new Ledger()
  const till = new Till(ledger, journal, { slowMs: 0, noticeDelayMs: 0 }, (notice) => ear?.notice(notice))
  const answer = front({ till, ledger, apiKey: API_KEY, settled: () => Promise.resolve() })

  const asGateway = (process: Process, message: IncomingMessage, response: ServerResponse) => {
    message.headers.authorization = `Bearer ${API_KEY}`
    const label = `gateway ${message.method ?? ''} ${String(message.headers['idempotency-key'] ?? message.url)}`
    return process.submit('gateway', label.replaceAll(/[0-9a-f-]{36}|ch_[0-9a-f]+/g, '*'), async () => {
      await answer(message, response)
      while (ledger.unsettled.size > 0) await new Promise((resume) => setTimeout(resume, 1))
    })
  }
  const asBroker = async (process: Process, message: IncomingMessage, response: ServerResponse) => {
    const event = eventOf(message, await readBody(message))
    await process.submit('publish', `publish ${event.type}`, async () => {
      ear?.publish(event)
      response.writeHead(202).end()
    })
  }
  const asViewOrder = async (process: Process, message: IncomingMessage, response: ServerResponse) => {
    const orderId = message.url!.split('/').at(-1)!
    await process.submit('peer', 'view-order', async () => {
      const order = await orderOf(orders, orderId)
      const { id } = JSON.parse(message.headers.authorization!) as { id: string }
      response.writeHead(order?.customerId === id ? 200 : 404)
      response.end(JSON.stringify(order ? shown(order) : {}))
    })
  }
  const server = createServer((message, response) => {
    response.setHeader('Connection', 'close')
    const [, as, key] = /^\/(sink|view-order)\/([^/]+)/.exec(message.url ?? '') ?? []
    const caller = processes.get(key ?? message.headers.authorization?.slice(7) ?? '')
    if (!caller) response.destroy()
    else if (as === 'view-order') void asViewOrder(caller, message, response)
    else void (as === 'sink' ? asBroker : asGateway)(caller, message, response)
  })
  await listening(server)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ledger,
    listen: (to: Ear | undefined) => void (ear = to),
    /** What a process must be told to reach it. */
    introduce: (key: string, process: Process) => {
      processes.set(key, process)
      return {
        ...{ PAYMENT_GATEWAY_URL: url, PAYMENT_GATEWAY_KEY: key, K_SINK: `${url}/sink/${key}` },
        VIEW_ORDER_URL: `${url}/view-order/${key}`,
      }
    },
    forget: (key: string) => processes.delete(key),
    close: async () => {
      till.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Outside = Awaited<ReturnType<typeof openOutside>>

/** An event in binary mode, as a broker reads it. */
function eventOf({ headers }: IncomingMessage, body: Buffer): StoredEvent {
  const attributes = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce-') && name !== 'ce-specversion')
      .map(([name, value]) => [name.slice(3), decodeURIComponent(String(value))]),
  )
  const {
    id = '',
    type = '',
    source = '',
    subject = '',
    time = '',
    dataschema = '',
    ...extensions
  } = attributes
  return {
    id,
    type,
    source,
    subject,
    time,
    dataschema,
    extensions,
    data: JSON.parse(body.toString()) as object,
  }
}
