import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ledger } from './ledger'
import { Refusal } from './refusal'
import { chargeRequestOf, keyOf, madeIn, pageOf, readJson, refundRequestOf } from './request'
import type { Answer, Till } from './till'

/** What the gateway's HTTP surface stands on. */
export interface Counter {
  till: Till
  ledger: Ledger
  apiKey: string
  /** Resolves when all that was decided is on the disk. */
  settled: () => Promise<void>
}

/**
 * The gateway's HTTP API. No answer leaves before everything it may tell of is on the disk, so what a shop was told
 * stays true whenever the gateway is killed.
 */
export const front =
  (counter: Counter) =>
  async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const answer = await answerTo(message, counter)
      await Promise.all([counter.settled(), answer.delayMs && pause(answer.delayMs)])
      if (answer.lost) response.destroy()
      else write(response, answer)
    } catch (error) {
      await counter.settled().catch(() => undefined)
      write(response, refusalOf(error))
    }
  }

async function answerTo(message: IncomingMessage, counter: Counter): Promise<Answer> {
  const { till, ledger, apiKey } = counter
  const { pathname, searchParams: query } = new URL(message.url ?? '/', 'http://gateway')
  const asked = `${message.method ?? 'GET'} ${pathname}`
  if (asked === 'GET /health') return { status: 200, body: { status: 'up' } }
  if (!isKey(message.headers.authorization, apiKey)) {
    throw new Refusal(401, 'unauthenticated', 'A valid key is needed: Authorization: Bearer.')
  }
  if (asked === 'POST /v1/charges') {
    return till.charge(keyOf(message), chargeRequestOf(await readJson(message)))
  }
  if (asked === 'GET /v1/charges') {
    return { status: 200, body: pageOf(madeIn(ledger.chargesOf(query.get('reference')), query), query) }
  }
  if (asked === 'GET /v1/refunds') {
    return { status: 200, body: pageOf(madeIn(ledger.allRefunds(), query), query) }
  }
  if (asked === 'GET /v1/totals') return { status: 200, body: { ...ledger.totals } }
  const [, method, id, refunds] = /^(GET|POST) \/v1\/charges\/([^/]+)(\/refunds)?$/.exec(asked) ?? []
  if (id && refunds && method === 'POST') {
    return till.refund(keyOf(message), id, refundRequestOf(await readJson(message)))
  }
  const charge = id && method === 'GET' ? ledger.charges.get(id) : undefined
  if (!charge) throw new Refusal(404, 'not_found', 'There is nothing here.')
  return {
    status: 200,
    body: refunds ? pageOf(ledger.refundsOf(charge.id, query.get('reference')), query) : charge,
  }
}

/** Compared as hashes, in constant time: neither length nor prefix of the key can be measured. */
function isKey(authorization: string | undefined, apiKey: string): boolean {
  const [given, wanted] = [authorization ?? '', `Bearer ${apiKey}`].map((text) =>
    createHash('sha256').update(text).digest(),
  ) as [Buffer, Buffer]
  return timingSafeEqual(given, wanted)
}

function refusalOf(error: unknown): Answer {
  if (error instanceof Refusal) {
    return { status: error.status, body: { error: { code: error.code, message: error.message } } }
  }
  return { status: 500, body: { error: { code: 'fault', message: 'The gateway failed.' } } }
}

function write(response: ServerResponse, { status, body, replayed }: Answer): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...(replayed && { 'Idempotent-Replayed': 'true' }),
  })
  response.end(text)
}

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms).unref())
