import { http, ok, type Deps } from '#runtime/http'
import { discounted, stateAt, type Discount, type DiscountState } from '../discount'
import { tellIfSoon } from '../discount-due'
import { reprice } from '../pricing'
import { problem } from '../problems'
import { openProductCache, type ProductCache } from '../product-cache'
import { discountOf, lockProduct, shownProduct } from '../stored-product'
import { DiscountProduct } from './input'
import { deductionOf, periodOf } from './period'
import { putDiscount } from './store'

type Ports = { products: ProductCache }

/**
 * Gives a product a discount from one moment until another.
 *
 * A product has one discount, and the next replaces it: a period that has passed takes a discount back. One that is due
 * begins, or ends, with this request; for what comes later turn-discounts looks at the clock, and is told of what comes
 * before it would. The price is announced when a
 * discount begins, ends or changes the price, and only then, so a request may be repeated.
 */
export async function discountProduct(input: DiscountProduct, { db, clock, products }: Deps & Ports) {
  const { sku } = input
  const period = periodOf(input)
  const deduction = deductionOf(input)
  const { version, ...reply } = await db.transaction(async (tx) => {
    const before = await lockProduct(tx, sku)
    if (!before || before.retired) throw problem('unknown-product')

    const { listPrice, currency, price } = before
    const wasRunning = (await discountOf(tx, sku))?.state === 'running'
    const state = stateAt(period, clock.now())
    const discount = { ...deduction, ...period, currency, state }
    putDiscount(tx, sku, discount)

    const running = state === 'running' ? discount : undefined
    const isNews =
      (running !== undefined) !== wasRunning ||
      (running && discounted(listPrice, currency, running) !== price)
    const after = isNews
      ? reprice(tx, before, { listPrice, currency, discount: running }, clock.now())
      : before
    tellIfSoon(tx, sku, state === 'awaited' ? period.from : period.until, clock.now())
    return { version: after.version, product: await shownProduct(tx, sku), discount }
  })
  await products.forget(sku, { version })
  return ok({ ...reply.product, discount: shownDiscount(reply.discount) })
}

const shownDiscount = ({ percentage, amount, from, until, state }: Discount & { state: DiscountState }) => ({
  ...(percentage !== null && { percentage }),
  ...(amount !== null && { amount }),
  from: from.toISOString(),
  until: until.toISOString(),
  state,
})

export default http(DiscountProduct, discountProduct, { products: openProductCache })
