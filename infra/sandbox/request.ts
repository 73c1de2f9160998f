import type { IncomingMessage } from 'node:http'
import type { ChargeRequest, RefundRequest } from './charge'
import { Refusal } from './refusal'

const LIMIT = 65_536

/** The JSON object that a request carries. */
export async function readJson(message: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT) throw new Refusal(413, 'too_large', 'The request is too large.')
    chunks.push(chunk)
  }
  const body = parsed(Buffer.concat(chunks).toString('utf8'))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('a JSON object')
  return body as Record<string, unknown>
}

/** The Idempotency-Key: no money moves without one. */
export function keyOf({ headers }: IncomingMessage): string {
  const key = headers['idempotency-key']
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new Refusal(
    400,
    'idempotency_key_missing',
    'An Idempotency-Key of 1 to 255 visible characters is needed.',
  )
}

export const chargeRequestOf = (body: Record<string, unknown>): ChargeRequest => ({
  amount: amountOf(body, 0),
  currency: textOf(body, 'currency', /^[A-Z]{3}$/),
  paymentMethod: textOf(body, 'paymentMethod', /^\S{1,64}$/),
  reference: textOf(body, 'reference', /^\S{1,255}$/),
})

export const refundRequestOf = (body: Record<string, unknown>): RefundRequest => ({
  amount: amountOf(body, 1),
  reference: textOf(body, 'reference', /^\S{1,255}$/),
})

/** Of a list those made at `since` or later and before `until`, where these are asked for. */
export function madeIn<T extends { createdAt: string }>(items: T[], query: URLSearchParams): T[] {
  const since = momentOf(query.get('since'), -Infinity)
  const until = momentOf(query.get('until'), Infinity)
  return items.filter(({ createdAt }) => {
    const made = Date.parse(createdAt)
    return made >= since && made < until
  })
}

/** A page of a list, counted from 1. */
export function pageOf<T>(items: T[], query: URLSearchParams): object {
  const page = wholeNumberOf(query.get('page') ?? '1', 1_000_000)
  const pageSize = wholeNumberOf(query.get('pageSize') ?? '100', 1_000)
  const from = (page - 1) * pageSize
  return { items: items.slice(from, from + pageSize), page, pageSize, total: items.length }
}

function amountOf({ amount }: Record<string, unknown>, least: number): number {
  if (Number.isSafeInteger(amount) && (amount as number) >= least) return amount as number
  throw invalid(`amount: a whole number of minor units, at least ${least}`)
}

function textOf(body: Record<string, unknown>, name: string, pattern: RegExp): string {
  const value = body[name]
  if (typeof value === 'string' && pattern.test(value)) return value
  throw invalid(`${name}: text matching ${pattern.source}`)
}

function momentOf(text: string | null, otherwise: number): number {
  if (text === null) return otherwise
  const value = Date.parse(text)
  if (!Number.isNaN(value)) return value
  throw invalid('since and until as moments, such as 2026-03-01T10:00:00Z')
}

function wholeNumberOf(text: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw invalid(`a page from 1 and a pageSize up to ${most}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw Object.assign(new Refusal(400, 'malformed', 'The body is not valid JSON.'), { cause })
  }
}

const invalid = (wanted: string) => new Refusal(422, 'invalid', `The request needs ${wanted}.`)
