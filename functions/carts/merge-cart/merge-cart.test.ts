import { openCallers } from '#runtime/caller'
import { atOnce, countedCache, openCarts } from '#support/carts'
import { serve, tokens } from '#support/door'
import type { Cart } from '../cart'
import { guestOf, member } from '../owner'
import { look } from '../stored-cart'
import deployable, { mergeCart } from './handler'

describe('merge-cart', () => {
  const carts = openCarts('carts/merge-cart')
  const tokenOf = (name: string) => `${name}-${carts.customer()}`.padEnd(43, 'x')
  const guest = (name = 'guest') => ({ caller: { kind: 'guest' as const, id: tokenOf(name) } })
  const merge = (name = 'guest', over = {}) => {
    const deps = carts.deps(over)
    return mergeCart({}, { ...deps, request: { ...deps.request, headers: { 'kiosk-cart': tokenOf(name) } } })
  }
  /** Both carts as Redis holds them, with the lines that their owners do not see. */
  const stored = () =>
    Promise.all(
      [member(carts.customer()), guestOf(tokenOf('guest'))!].map((owner) => look(carts.cache(), owner)),
    )
  const quantitiesIn = (cart: Cart | undefined): Record<string, number> =>
    Object.fromEntries((cart?.items ?? []).map(({ sku, quantity }) => [sku.split('-')[0]!, quantity]))

  beforeEach(async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
  })

  test('adds what the guest gathered to what the customer has', async () => {
    await carts.put('TEA', 2)
    await carts.put('TEA', 3, guest())
    await carts.put('MUG', 1, guest())

    const reply = await merge()

    expect(reply).toMatchObject({
      status: 200,
      headers: {},
      body: { total: 3450, currency: 'EUR', version: 2 },
    })
    expect(quantitiesIn(reply.body)).toEqual({ MUG: 1, TEA: 5 })
    expect(await carts.seen()).toEqual(reply.body)
  })

  test("leaves the guest's cart empty", async () => {
    await carts.put('TEA', 3, guest())

    await merge()

    expect(await carts.seen(guest())).toEqual({ items: [], total: 0, currency: 'EUR', version: 2 })
  })

  test('is the same when asked again, also for another customer', async () => {
    await carts.put('TEA', 3, guest())
    const first = await merge()

    const again = await merge()
    const eve = await merge('guest', { caller: { id: `eve-${carts.customer()}` } })

    expect(again).toEqual(first)
    expect(eve.body).toMatchObject({ items: [], version: 0 })
  })

  test('begins the cart anew for what a guest adds late, and takes that over with the next merge', async () => {
    await carts.put('TEA', 3, guest())
    await merge()

    const late = await carts.put('MUG', 1, guest())

    expect(late.body).toMatchObject({ items: [{ sku: carts.sku('MUG') }], version: 3 })
    expect(quantitiesIn(await carts.seen())).toEqual({ TEA: 3 })
    expect(quantitiesIn((await merge()).body)).toEqual({ MUG: 1, TEA: 3 })
  })

  test('does not let an addition be made twice by repeating it after the merge', async () => {
    const addition = { ...guest(), idempotencyKey: 'a-key' }
    await carts.put('TEA', 3, addition)
    await merge()

    await carts.put('TEA', 3, addition)
    await merge()

    expect(quantitiesIn(await carts.seen())).toEqual({ TEA: 3 })
  })

  test('doubles nothing and loses nothing when it comes many times at the same moment', async () => {
    await carts.put('TEA', 2)
    await carts.put('TEA', 3, guest())
    await carts.put('MUG', 1, guest())

    await atOnce(30, () => merge())

    expect(await carts.seen()).toMatchObject({ items: [{ quantity: 1 }, { quantity: 5 }], version: 2 })
  })

  test('doubles nothing and loses nothing among additions on both sides at the same moment', async () => {
    await atOnce(60, (turn) =>
      turn % 3 === 0 ? merge() : turn % 3 === 1 ? carts.put('TEA', 1, guest()) : carts.put('TEA', 1),
    )
    const left = quantitiesIn(await carts.seen(guest()))

    await merge()

    expect(left['TEA'] ?? 0).toBeLessThanOrEqual(20)
    expect(quantitiesIn(await carts.seen())).toEqual({ TEA: 40 })
  })

  test('ends in the same cart whichever of two guests comes first', async () => {
    const merged = []
    for (const order of [
      ['one', 'two'],
      ['two', 'one'],
    ]) {
      const customer = { caller: { id: `${order[0]!}-first-${carts.customer()}` } }
      await carts.put('TEA', 3, guest('one'))
      await carts.put('TEA', 4, guest('two'))
      await carts.put('MUG', 1, guest('two'))
      for (const name of order) await merge(name, customer)
      merged.push(quantitiesIn(await carts.seen(customer)))
    }

    expect(merged).toEqual([
      { MUG: 1, TEA: 7 },
      { MUG: 1, TEA: 7 },
    ])
  })

  test('gives a cart to one of two customers who claim it at the same moment', async () => {
    await carts.put('TEA', 3, guest())
    const customers = ['x', 'y'].map((name) => ({ caller: { id: `${name}-${carts.customer()}` } }))

    await atOnce(20, (turn) => merge('guest', customers[turn % 2]))

    const seen = await Promise.all(customers.map((customer) => carts.seen(customer)))
    expect(seen.map(({ total }) => total).sort()).toEqual([0, 1350])
  })

  test.each([
    ['no header', {}],
    ['a token that is too short', { 'kiosk-cart': 'a'.repeat(42) }],
    ["the name of a customer's cart", { 'kiosk-cart': 'member:ada' }],
  ])('refuses %s', async (_, headers) => {
    const deps = carts.deps()

    const merging = mergeCart({}, { ...deps, request: { ...deps.request, headers } })

    await expect(merging).rejects.toMatchObject({ domain: 'carts', kind: 'no-guest-cart', status: 400 })
  })

  describe('when there is no room for it', () => {
    const refused = async (kind: string, members: object) => {
      const before = await stored()
      await expect(merge()).rejects.toMatchObject({ kind, status: 409, members })
      expect(await stored()).toEqual(before)
    }

    test('leaves both carts as they are: another currency', async () => {
      await carts.sells('COLA', 200, { currency: 'USD' })
      await carts.put('TEA', 2)
      await carts.put('COLA', 1, guest())

      await refused('currency-mismatch', { cartCurrency: 'EUR' })
    })

    test('leaves both carts as they are: too many of one item', async () => {
      await carts.put('TEA', 60_000)
      await carts.put('MUG', 1, guest())
      await carts.put('TEA', 40_001, guest())

      await refused('too-many', { most: 100_000 })
    })

    test('leaves both carts as they are: the 101st item', async () => {
      for (let n = 0; n < 101; n++) await carts.sells(`N${n}`, 1)
      await atOnce(60, (n) => carts.put(`N${n}`, 1))
      await atOnce(42, (n) => carts.put(`N${n + 59}`, 1, guest()))

      await refused('cart-full', { most: 100 })
    })

    test.each([
      ['too many of one item', 60_000, 'EUR', 'too-many'],
      ['another currency', 1, 'USD', 'currency-mismatch'],
    ])('keeps lines that nobody can buy any more, on either side: %s', async (_, had, currency, kind) => {
      for (const name of ['OLD', 'GONE']) await carts.sells(name, 100)
      await carts.sells('COLA', 200, { currency })
      await carts.put('OLD', 1)
      await carts.put('TEA', had)
      if (currency === 'EUR') await carts.put('TEA', 40_001, guest())
      await carts.put(currency === 'EUR' ? 'GONE' : 'COLA', 1, guest())
      for (const name of ['OLD', 'GONE']) await carts.retires(name, 2)

      await refused(kind, {})
    })

    test('keeps lines that nobody can buy any more, on either side: the 101st item', async () => {
      for (let n = 0; n < 102; n++) await carts.sells(`N${n}`, 1)
      await atOnce(60, (n) => carts.put(`N${n}`, 1))
      await atOnce(43, (n) => carts.put(`N${n + 59}`, 1, guest()))
      for (const name of ['N0', 'N101']) await carts.retires(name, 2)
      await carts.sells('LAST', 1)
      await carts.put('LAST', 1)

      await refused('cart-full', { most: 100 })
    })

    test('lets lines that nobody can buy any more give way, on either side', async () => {
      await carts.sells('COLA', 200, { currency: 'USD' })
      await carts.put('TEA', 2)
      await carts.put('COLA', 1, guest())
      await carts.retires('TEA')

      expect((await merge()).body).toMatchObject({ items: [{ sku: carts.sku('COLA') }], currency: 'USD' })
      expect((await stored()).map(({ cart }) => [...cart.quantities.values()])).toEqual([[1], []])

      await carts.put('MUG', 1, guest('other'))
      await carts.retires('MUG')
      expect((await merge('other')).body).toMatchObject({ items: [{ sku: carts.sku('COLA') }], version: 2 })
    })
  })

  test('moves what is not sold at the moment along with the rest', async () => {
    await carts.put('TEA', 3, guest())
    await carts.put('MUG', 1, guest())
    await carts.retires('TEA', 2)

    await merge()
    await carts.sells('TEA', 450, { version: 3 })

    expect(quantitiesIn(await carts.seen())).toEqual({ MUG: 1, TEA: 3 })
  })

  test("keeps the merged cart as long as a customer's, and takes two round trips", async () => {
    await carts.put('TEA', 3, guest())
    const { cache, count, close } = await countedCache()

    await merge('guest', { cache })
    close()

    expect(count.requests).toBe(2)
    const seconds = await carts.cache().ttl(`cart:{member:${carts.customer()}}:items`)
    expect(Math.round(seconds / 86_400)).toBe(180)
  })

  test('is for who has an access token', async () => {
    const { env, bearer } = await tokens()
    const parts = { cache: carts.cache, callers: openCallers }
    const served = await serve(
      deployable(carts.operation, parts, { ...env, VIEW_PRODUCT_URL: 'http://127.0.0.1:1' }),
    )
    await carts.put('TEA', 3, guest())
    const asking = (headers: Record<string, string>) =>
      fetch(`${served.url}/v1/cart/merge`, {
        method: 'POST',
        headers: { 'Kiosk-Cart': tokenOf('guest'), ...headers },
      })

    const replies = [await asking({}), await asking({ authorization: await bearer(carts.customer()) })]
    await served.close()

    expect(replies.map(({ status }) => status)).toEqual([401, 200])
    expect(replies[1]!.headers.get('kiosk-cart')).toBeNull()
    expect(await replies[1]!.json()).toMatchObject({ total: 1350 })
  })
})
