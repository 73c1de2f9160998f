import { testCache } from '#support/domain'
import { place, product, productCache, silentCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import type { Database } from '#runtime/database'
import type { ProductCache } from '../product-cache'
import { viewProduct } from './handler'

describe('view-product', () => {
  const domain = openDomain('catalog/view-product')
  const view = (sku: string, products: ProductCache = productCache(), db?: Database) =>
    viewProduct({ sku }, { ...domain.deps(db && { db }), products })
  const priced = (sku: string, price: number) =>
    domain.rows('update products set price = $2, version = version + 1 where sku = $1', [sku, price])

  /** The database, and how often it was read. */
  const counted = () => {
    const { db } = domain.deps()
    const count = { reads: 0 }
    const query: Database['query'] = (text, values) => {
      count.reads++
      return db.query(text, values)
    }
    return { count, db: { ...db, query } }
  }

  test('shows what it costs today, what it costs without a discount, and how many there are', async () => {
    const told = { name: 'Green tea', description: 'From Uji.', category: 'Tea', price: 400, listPrice: 450 }
    await domain.given(product('TEA', { ...told, available: 7 }), product('TIN', { available: 1 }))

    expect(await view('TEA')).toEqual({
      status: 200,
      headers: {},
      body: { sku: 'TEA', ...told, currency: 'EUR', available: 7 },
    })
  })

  test('shows that there is none while stock has said nothing', async () => {
    await domain.given(product('TEA'))

    expect((await view('TEA')).body).toMatchObject({ available: 0 })
  })

  test.each([
    ['a product that never was', 'GHOST'],
    ['a retired product', 'OLD'],
    ['a SKU in another case', 'tea'],
    ['what stock has but nobody sells', 'BARE'],
  ])('shows nothing of %s', async (_, sku) => {
    await domain.given(product('TEA'), product('OLD', { retired: true, available: 3 }), (db) =>
      db.query(`insert into availability (sku, available, version) values ('BARE', 7, 1)`),
    )

    await expect(view(sku)).rejects.toMatchObject({ kind: 'unknown-product', status: 404 })
  })

  test('reads the database once for many who ask at once, and not again while there is a copy', async () => {
    await domain.given(product('TEA'))
    const shared = place()
    const { count, db } = counted()

    const process = productCache(shared)
    const answers = await Promise.all(Array.from({ length: 50 }, () => view('TEA', process, db)))
    await view('TEA', productCache(shared), db)

    expect(new Set(answers.map(({ body }) => body!.price))).toEqual(new Set([1000]))
    expect(count.reads).toBe(1)
  })

  test('shows the new price as soon as there is news of it', async () => {
    await domain.given(product('TEA'))
    const products = productCache()
    await view('TEA', products)

    await priced('TEA', 900)
    await products.forget('TEA', { version: 2 })

    expect((await view('TEA', products)).body).toMatchObject({ price: 900 })
  })

  test('never puts back what it read before a change, in whatever moment of the read the news come', async () => {
    await domain.given(product('TEA', { available: 1 }))
    const shared = place()
    const { db } = domain.deps()
    const query: Database['query'] = async (text, values) => {
      const before = await db.query(text, values)
      await priced('TEA', 900)
      await productCache(shared).forget('TEA', { version: 2 })
      return before as never
    }
    await view('TEA', productCache(shared), { ...db, query })

    expect((await view('TEA', productCache(shared))).body).toMatchObject({ price: 900 })
  })

  test('keeps no copy for longer than 30 seconds, and old news prolong none', async () => {
    await domain.given(product('TEA', { available: 1 }))
    const shared = place()
    await view('TEA', productCache(shared))
    const lives = await testCache().pttl(`${shared}:TEA`)

    await productCache(shared).forget('TEA', { version: 1, availabilityVersion: 1 })

    expect(lives).toBeGreaterThan(0)
    expect(lives).toBeLessThanOrEqual(30_000)
    expect(await testCache().pttl(`${shared}:TEA`)).toBeLessThanOrEqual(lives)
  })

  test('shows the price of now while Redis takes what is asked and answers nothing, and asks it seldom', async () => {
    await domain.given(product('TEA'))
    const { cache, close } = await silentCache()
    const products = productCache(place(), cache)
    const { count, db } = counted()
    try {
      for (const price of [900, 800, 700]) {
        await priced('TEA', price)
        expect((await view('TEA', products, db)).body).toMatchObject({ price })
      }
      expect(count.reads).toBe(3)
    } finally {
      close()
    }
  })

  test('agrees with the database in the end, however changes, news and looks fall together', async () => {
    await domain.given(product('TEA', { price: 1 }))
    const shared = place()
    const change = async (turn: number) => {
      const [row] = await domain.rows<{ version: number }>(
        'update products set price = $1, version = version + 1 returning version',
        [turn],
      )
      await productCache(shared).forget('TEA', { version: row!.version })
    }

    for (let round = 0; round < 5; round++) {
      await Promise.all(
        Array.from({ length: 30 }, (_, turn) =>
          turn % 3 === 0 ? change(round * 100 + turn) : view('TEA', productCache(shared)),
        ),
      )
      const [now] = await domain.rows<{ price: number }>('select price from products')
      expect((await view('TEA', productCache(shared))).body).toMatchObject({ price: now!.price })
    }
  })
})
