import { randomUUID } from 'node:crypto'
import type { Mail, Order } from '../client'
import type { BenchPlatform } from './bench-platform'

/** The functions that one order passes, in order; each but the last tells the next by an event. */
export const CHAIN = [
  'place-order',
  'reserve-stock',
  'accept-order',
  'charge',
  'confirm-order',
  'send-mail',
] as const

export interface Customer {
  email: string
  token: string
}

/** One packet of tea, paid at once; the price is the catalogue's of a new installation. */
export const WISH = {
  lines: [{ sku: 'TEA-EARL-GREY', quantity: 1 }],
  confirmedTotal: 450,
  currency: 'EUR',
  shippingAddress: {
    name: 'Ada Lovelace',
    line1: '12 St James Square',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
  },
  paymentMethod: 'pm_approve',
}

const PATIENCE_MS = 30_000
const PAUSE_MS = 4

/** Milliseconds from sending an order to the mail that confirms it lying in the mailbox. */
export async function orderToMail({ shop }: BenchPlatform, { email, token }: Customer): Promise<number> {
  const before = (await mailsFrom(shop.mailbox, 0)).length
  const began = performance.now()
  await shop.expect<Order>(201, 'POST /v1/orders', WISH, { token, key: randomUUID() })
  for (;;) {
    const mails = await mailsFrom(shop.mailbox, before)
    const ms = performance.now() - began
    const isOurs = ({ to, subject }: Mail) => to?.[0]?.address === email && /confirmed/i.test(subject)
    if (mails.some(isOurs)) return ms
    if (ms > PATIENCE_MS) throw new Error(`no mail confirmed an order within ${PATIENCE_MS / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** Only the mails after the first `skip`: all of them, asked for every few milliseconds, would be work of its own. */
async function mailsFrom(mailbox: string, skip: number): Promise<Mail[]> {
  const answer = await fetch(new URL(`/email?skip=${skip}`, mailbox))
  return (await answer.json()) as Mail[]
}
