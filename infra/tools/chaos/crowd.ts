import { setTimeout as pause } from 'node:timers/promises'
import { Buyer } from './buyer'
import type { AttackedPlatform } from './attacked-platform'
import type { Goods } from './goods'
import { randomFrom } from './random'
import { Tried } from './tally'

const AT_ONCE = 4
const RECEIPT_EVERY_MS = 5_000

/** Customers who buy until they are told to stop. */
export interface Crowd {
  tried: Tried
  /** Orders that were begun. */
  begun(): number
  /** Nobody begins anything new; resolves when everyone has what they asked for. */
  leaves(): Promise<void>
}

/** Opens accounts, as people do: a registration, a code by mail, a verification. */
export async function customers({ shop }: AttackedPlatform, count: number) {
  const accounts: { email: string; password: string }[] = []
  const open = async () => {
    while (accounts.length < count) accounts.push(await shop.customer('Chaos'))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, open))
  return accounts
}

/** Lets them buy, so many orders a second if the shop keeps up; nobody begins an order before the last one is answered. */
export function crowdOf(
  { shop }: AttackedPlatform,
  goods: Goods,
  accounts: readonly { email: string; password: string }[],
  { seed, perSecond }: { seed: number; perSecond: number },
): Crowd {
  const tried = new Tried()
  const buyers = accounts.map(
    (account, nth) => new Buyer(shop, goods, randomFrom(seed + nth + 1), account, tried),
  )
  let isOpen = true
  let begun = 0
  const busy = new Set<Promise<void>>()
  const failures: Error[] = []
  const track = (work: Promise<void>) => {
    const tracked = work
      .catch((error: unknown) => void failures.push(error as Error))
      .finally(() => busy.delete(tracked))
    busy.add(tracked)
  }
  const buy = async (buyer: Buyer) => {
    buyer.isBusy = true
    await buyer.buys(`chaos-${seed}-${++begun}`).finally(() => (buyer.isBusy = false))
  }
  const queue = async () => {
    const began = performance.now()
    for (let nth = 0; isOpen;) {
      await pause(20)
      for (const due = ((performance.now() - began) / 1000) * perSecond; nth < due; nth++) {
        const idle = buyers.find(({ isBusy }) => !isBusy)
        if (idle) track(buy(idle))
      }
    }
  }
  const deliveries = async () => {
    for (let nth = 0; isOpen; nth++) {
      await pause(RECEIPT_EVERY_MS)
      await goods.more(nth)
    }
  }
  const working = [queue(), deliveries()]
  return {
    tried,
    begun: () => begun,
    async leaves() {
      isOpen = false
      await Promise.all(working)
      while (busy.size > 0) await Promise.all(busy)
      if (failures[0]) throw failures[0]
    },
  }
}
