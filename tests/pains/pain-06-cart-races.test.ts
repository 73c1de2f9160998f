import { atOnce, openCarts } from '#support/carts'
import { changeQuantity } from '../../functions/carts/change-quantity/handler'
import { mergeCart } from '../../functions/carts/merge-cart/handler'
import { removeFromCart } from '../../functions/carts/remove-from-cart/handler'

/**
 * What users of other shops report: carts that are read, changed and written back lose additions, so shops wait 300 ms
 * between clicks; a cart of 65 items was empty after two logins at the same moment.
 */
describe('Pain 6: cart races and lost merges', () => {
  const carts = openCarts('carts/merge-cart')
  const tokenOf = (name: string) => `${name}-${carts.customer()}`.padEnd(43, 'x')
  const guest = (name = 'guest') => ({ caller: { kind: 'guest' as const, id: tokenOf(name) } })
  const logIn = (name = 'guest') => {
    const deps = carts.deps()
    return mergeCart({}, { ...deps, request: { ...deps.request, headers: { 'kiosk-cart': tokenOf(name) } } })
  }
  const quantities = async (over = {}) =>
    Object.fromEntries(
      (await carts.seen(over)).items.map(({ sku, quantity }) => [sku.split('-')[0]!, quantity]),
    )
  const names = Array.from({ length: 65 }, (_, nth) => `N${nth}`)
  const each = (of: (nth: number) => number) => Object.fromEntries(names.map((name, nth) => [name, of(nth)]))

  /** So many turns, thirty at the same moment: as many more would only wait for each other at the door of Redis. */
  const inWaves = async (turns: number, work: (turn: number) => Promise<unknown>) => {
    for (let from = 0; from < turns; from += 30) {
      await atOnce(Math.min(30, turns - from), (nth) => work(from + nth))
    }
  }

  beforeEach(async () => {
    for (const name of names) await carts.sells(name, 100)
  })

  test('Pain 6: a cart of 65 items is whole after eight logins at the same moment', async () => {
    await inWaves(65, (nth) => carts.put(names[nth]!, 1 + (nth % 3), guest()))

    await atOnce(8, () => logIn())

    expect(await quantities()).toEqual(each((nth) => 1 + (nth % 3)))
    expect(await quantities(guest())).toEqual({})
  })

  test('Pain 6: logins among clicks in two windows lose nothing and double nothing', async () => {
    await inWaves(130, (turn) => {
      if (turn % 10 === 9) return logIn()
      return carts.put(names[turn % 65]!, 1, turn < 65 ? guest() : {})
    })

    await logIn()

    const clicks = names.map((_, nth) => [nth, nth + 65].filter((turn) => turn % 10 !== 9).length)
    expect(await quantities()).toEqual(
      Object.fromEntries(names.flatMap((name, nth) => (clicks[nth]! > 0 ? [[name, clicks[nth]!]] : []))),
    )
  })

  test('Pain 6: two guests who are one customer end in the same cart whichever comes first', async () => {
    await inWaves(40, (nth) => carts.put(names[nth]!, 2, guest('phone')))
    await inWaves(45, (nth) => carts.put(names[20 + nth]!, 3, guest('desk')))

    await atOnce(10, (turn) => logIn(turn % 2 === 0 ? 'phone' : 'desk'))

    expect(await quantities()).toEqual(each((nth) => (nth < 40 ? 2 : 0) + (nth >= 20 ? 3 : 0)))
  })

  test('Pain 6: a hundred clicks on one button at the same moment are a hundred pieces, without a pause', async () => {
    await inWaves(100, () => carts.put('N0', 1))

    expect(await carts.seen()).toMatchObject({ items: [{ quantity: 100 }], total: 10_000, version: 100 })
  })

  test('Pain 6: changes of different lines at the same moment are all kept', async () => {
    await atOnce(30, (nth) => carts.put(names[nth]!, 1))

    await atOnce<unknown>(30, (nth) => {
      const sku = carts.sku(names[nth]!)
      if (nth % 3 === 0) return removeFromCart({ sku }, carts.deps())
      if (nth % 3 === 1) return changeQuantity({ sku, quantity: 7 }, carts.deps())
      return carts.put(names[nth]!, 1)
    })

    expect(await quantities()).toEqual(
      Object.fromEntries(
        names.slice(0, 30).flatMap((name, nth) => (nth % 3 === 0 ? [] : [[name, nth % 3 === 1 ? 7 : 2]])),
      ),
    )
  })
})
