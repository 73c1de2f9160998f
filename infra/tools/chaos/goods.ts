import type { Shop } from '../client'
import { insist } from './insist'

/** Something to buy, and what there was of it. */
export interface Item {
  sku: string
  price: number
  isScarce: boolean
}

const ITEMS: readonly (Item & { quantity: number })[] = [
  { sku: 'CHAOS-TEA', price: 450, isScarce: false, quantity: 100_000 },
  { sku: 'CHAOS-CUP', price: 1450, isScarce: false, quantity: 100_000 },
  { sku: 'CHAOS-FILTER', price: 320, isScarce: false, quantity: 100_000 },
  { sku: 'CHAOS-TIN-A', price: 800, isScarce: true, quantity: 10 },
  { sku: 'CHAOS-TIN-B', price: 1200, isScarce: true, quantity: 10 },
  { sku: 'CHAOS-TIN-C', price: 5900, isScarce: true, quantity: 5 },
]

/** How many come when the staff puts tins back on the shelf. */
const MORE = 5

/** What the shop sells, few tins and plenty of the rest, and what was received of it. */
export class Goods {
  readonly items: readonly Item[] = ITEMS
  readonly scarce = ITEMS.filter(({ isScarce }) => isScarce)
  readonly plenty = ITEMS.filter(({ isScarce }) => !isScarce)
  readonly received = new Map<string, number>()
  #receipts = 0

  constructor(
    private readonly shop: Shop,
    private readonly staff: () => Promise<string>,
  ) {}

  async putOnSale(): Promise<void> {
    for (const { sku, price, quantity } of ITEMS) {
      const product = {
        sku,
        name: sku,
        description: 'For the rush.',
        category: 'chaos',
        price,
        currency: 'EUR',
      }
      const token = await this.staff()
      await this.shop.expect(201, 'POST /v1/products', product, { token })
      await this.#receive(sku, quantity)
    }
  }

  /** A few more of one tin. */
  async more(nth: number): Promise<void> {
    await this.#receive(this.scarce[nth % this.scarce.length]!.sku, MORE)
  }

  async #receive(sku: string, quantity: number): Promise<void> {
    const options = { token: await this.staff(), key: `receipt-${++this.#receipts}` }
    const answer = await insist(this.shop, `POST /v1/stock/${sku}/receipts`, { quantity }, options)
    if (answer.status !== 201) throw new Error(`receiving ${sku} was answered ${answer.status}`)
    this.received.set(sku, (this.received.get(sku) ?? 0) + quantity)
  }
}
