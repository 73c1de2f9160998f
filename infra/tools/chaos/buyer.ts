import { setTimeout as pause } from 'node:timers/promises'
import { ADDRESS } from '../demo/purchase'
import type { Order, Shop } from '../client'
import type { Goods, Item } from './goods'
import { insist, once } from './insist'
import { between, oneOf, weighed, type Random } from './random'
import type { Tried } from './tally'

export const METHODS = [
  ['pm_approve', 50],
  ['pm_lost_answer', 9],
  ['pm_flaky', 9],
  ['pm_notice', 9],
  ['pm_decline', 7],
  ['pm_insufficient_funds', 5],
  ['pm_slow', 5],
  ['none', 6],
] as const

const CHANCE = { scarce: 0.25, cart: 0.2, doubled: 0.1, cancels: 0.1, paysAgain: 0.7, paysTwice: 0.04 }
const TOKEN_LASTS_MS = 10 * 60_000
const MOST_PAYMENTS = 5

interface Wish {
  lines?: { sku: string; quantity: number }[]
  confirmedTotal: number
  currency: string
  shippingAddress: object
  paymentMethod?: string
}

/** A customer with habits: buys, sometimes from the cart, asks twice, changes their mind, pays again after a decline. */
export class Buyer {
  isBusy = false
  #token: { text: string; at: number } | undefined

  constructor(
    private readonly shop: Shop,
    private readonly goods: Goods,
    private readonly random: Random,
    private readonly account: { email: string; password: string },
    private readonly tried: Tried,
  ) {}

  /** One purchase and what comes after it; `key` is new. Never gives up on an order that it has begun. */
  async buys(key: string): Promise<void> {
    const { random } = this
    const item = oneOf(random, random() < CHANCE.scarce ? this.goods.scarce : this.goods.plenty)
    const quantity = between(random, 1, item.isScarce ? 1 : 3)
    const method = weighed(random, METHODS)
    const habits = { double: random() < CHANCE.doubled, cancels: random() < CHANCE.cancels, later: random() }
    const fromCart = random() < CHANCE.cart ? await this.#fromCart(item, quantity, method) : undefined
    const orderId =
      (fromCart && (await this.#orders(`${key}-cart`, fromCart, habits.double))) ??
      (await this.#orders(
        key,
        this.#wish(method, item.price * quantity, [{ sku: item.sku, quantity }]),
        habits.double,
      ))
    if (orderId === undefined) return
    if (habits.cancels) await this.#cancels(orderId, habits.later * 4_000)
    else if (/none|decline|funds/.test(method)) await this.#paysLater(orderId, habits.later)
    else if (random() < CHANCE.paysTwice) await this.#pays(orderId, `${key}-twice`, 'pm_approve')
  }

  /** Orders with a key as often as it takes, and sometimes twice at the same moment; undefined when it was refused. */
  async #orders(key: string, wish: Wish, double: boolean): Promise<string | undefined> {
    const send = async () => {
      const options = { token: await this.#loggedIn(), key }
      return insist<Order>(this.shop, 'POST /v1/orders', wish, options)
    }
    const answers = await Promise.all(double ? [send(), send()] : [send()])
    this.tried.ordered(key, wish.paymentMethod ?? 'none', answers)
    const [{ status, body }] = answers as [(typeof answers)[0]]
    return status === 201 ? body.orderId : undefined
  }

  /** Puts it into the cart and takes the cart's total; undefined when carts are away. */
  async #fromCart({ sku }: Item, quantity: number, method: string): Promise<Wish | undefined> {
    const token = await this.#loggedIn()
    const answer = await once<{ total: number }>(
      this.shop,
      'POST /v1/cart/items',
      { sku, quantity },
      { token },
    )
    this.tried.cart(answer?.status === 201)
    return answer?.status === 201 ? this.#wish(method, answer.body.total) : undefined
  }

  #wish(method: string, confirmedTotal: number, lines?: Wish['lines']): Wish {
    return {
      ...(lines && { lines }),
      ...{ confirmedTotal, currency: 'EUR', shippingAddress: ADDRESS },
      ...(method !== 'none' && { paymentMethod: method }),
    }
  }

  async #cancels(orderId: string, afterMs: number): Promise<void> {
    await pause(afterMs)
    const options = { token: await this.#loggedIn(), key: `cancel-${orderId}` }
    const route = `POST /v1/orders/${orderId}/cancellation`
    const { status } = await insist(this.shop, route, { reason: 'A change of mind.' }, options)
    this.tried.other('cancel', status)
  }

  /** Tries other methods until one is taken, the order is closed, or patience ends; each try has a key of its own. */
  async #paysLater(orderId: string, patience: number): Promise<void> {
    if (patience > CHANCE.paysAgain) return
    for (let nth = 1; nth <= MOST_PAYMENTS; nth++) {
      await pause(2_000 + patience * 3_000)
      const method = nth < 3 ? weighed(this.random, METHODS.slice(0, 6)) : 'pm_approve'
      const status = await this.#pays(orderId, `pay-${orderId}-${nth}`, method)
      // Unknown so far is one that is not accepted yet; all other refusals are for good.
      if (status !== 202 && status !== 404) return
      if (status === 202 && !/decline|funds/.test(method)) return
    }
  }

  async #pays(orderId: string, key: string, paymentMethod: string): Promise<number> {
    const options = { token: await this.#loggedIn(), key }
    const { status } = await insist(
      this.shop,
      `POST /v1/orders/${orderId}/payment`,
      { paymentMethod },
      options,
    )
    this.tried.other('pay', status)
    return status
  }

  /** A token is good for a quarter of an hour. */
  async #loggedIn(): Promise<string> {
    if (this.#token && Date.now() - this.#token.at < TOKEN_LASTS_MS) return this.#token.text
    const { email, password } = this.account
    const route = 'POST /v1/sessions'
    const { status, body } = await insist<{ accessToken: string }>(this.shop, route, { email, password }, {})
    if (status !== 201) throw new Error(`logging in was answered ${status}`)
    this.#token = { text: body.accessToken, at: Date.now() }
    return body.accessToken
  }
}
