import fc from 'fast-check'
import { OrderReturned } from '#events/orders/order-returned.v1/event'
import { RefundDue } from '#events/orders/refund-due.v1/event'
import { openCallers, type Caller } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { openDomain, testCache, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import { MIXED, paid } from '#support/orders'
import { totalOf, type OrderLine } from '../order'
import returnOrderFunction, { returnOrder } from './handler'

interface Row {
  status: string
  lines: OrderLine[]
}

interface How {
  caller?: string | Partial<Caller>
  id?: string
  reason?: string
}

describe('return-order', () => {
  const domain = openDomain('orders/return-order')
  const giveBack = (quantities?: Record<string, number>, { caller = 'ada', id = 'o1', reason }: How = {}) => {
    const lines = quantities && Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity }))
    const input = { id, ...(lines && { lines }), ...(reason !== undefined && { reason }) }
    return returnOrder(input, domain.deps({ caller }))
  }
  const order = async (id = 'o1') =>
    (await domain.rows<Row>('select status, lines from orders where id = $1', [id]))[0]!
  const told = async <D extends object>(type: string) =>
    (await domain.emitted()).flatMap(([name, data]) => (name === type ? [data as D] : []))

  test('takes back everything when no lines are named, and owes exactly what was paid', async () => {
    await domain.given(paid('o1', 'delivered', { lines: MIXED }))

    const reply = await giveBack(undefined, { reason: 'I prefer coffee.' })

    const lines = MIXED.map(({ sku, quantity }) => ({ sku, quantity }))
    const { returnId } = reply.body!
    const back = { returnId, orderId: 'o1', lines }
    expect(reply).toEqual({
      status: 202,
      body: { ...back, status: 'returned', refund: 2198, currency: 'EUR' },
    })
    expect(await told(OrderReturned.type)).toEqual([
      { ...back, customerId: 'ada', returnedAt: '2026-03-01T10:00:00.000Z' },
    ])
    expect(await told(RefundDue.type)).toEqual([
      {
        ...{
          orderId: 'o1',
          customerId: 'ada',
          chargeId: 'ch_1',
          refundKey: `return/${returnId}`,
          amount: 2198,
        },
        ...{ currency: 'EUR', reason: 'The order was returned, or a part of it.' },
        dueAt: '2026-03-01T10:00:00.000Z',
      },
    ])
    expect(await domain.rows('select step, status, details from order_steps order by sequence')).toEqual([
      { step: 'returned', status: 'returned', details: { lines, reason: 'I prefer coffee.' } },
      expect.objectContaining({ step: 'refund-due', status: 'returned' }),
    ])
  })

  test('takes back line by line, shows what came back, and is returned when all has', async () => {
    await domain.given(paid('o1', 'delivered', { lines: MIXED }))

    const first = await giveBack({ TEA: 2, SPOON: 1 })
    const between = await order()
    const second = await giveBack({ TEA: 3 }, { caller: { id: 'bob', role: 'staff' } })
    const last = await giveBack()

    expect(between).toEqual({
      status: 'delivered',
      lines: [{ ...MIXED[0]!, returned: 1 }, { ...MIXED[1]!, returned: 2 }, MIXED[2]],
    })
    expect([first, second, last].map(({ body }) => [body!.status, body!.refund])).toEqual([
      ['delivered', 399],
      ['delivered', 597],
      ['returned', 1202],
    ])
    expect(last.body!.lines).toEqual([
      { sku: 'SPOON', quantity: 2 },
      { sku: 'TIN', quantity: 1 },
    ])
    expect(await order()).toMatchObject({
      status: 'returned',
      lines: [{ returned: 3 }, { returned: 5 }, { returned: 1 }],
    })
  })

  test('counts two lines of one item together', async () => {
    await domain.given(paid('o1', 'delivered'))
    const line = { sku: 'TEA', quantity: 1 }

    const reply = await returnOrder({ id: 'o1', lines: [line, line] }, domain.deps())

    expect(reply.body).toMatchObject({
      status: 'returned',
      lines: [{ sku: 'TEA', quantity: 2 }],
      refund: 900,
    })
  })

  test.each([
    ['more than was bought', { TIN: 2 }, 0, 1],
    ['more than is left', { SPOON: 1, TEA: 4 }, 1, 3],
    ['what was never bought', { GHOST: 1 }, 0, 0],
  ])('refuses %s, says how many there are, and takes nothing back', async (_, wish, index, most) => {
    await domain.given(paid('o1', 'delivered', { lines: MIXED }))
    await giveBack({ TEA: 2 })
    const before = [await order(), await domain.emitted()]

    await expect(giveBack(wish)).rejects.toMatchObject({
      kind: 'not-bought',
      status: 422,
      members: {
        errors: [{ detail: `no more than ${most} can come back`, pointer: `#/lines/${index}/quantity` }],
      },
    })
    expect([await order(), await domain.emitted()]).toEqual(before)
  })

  test.each(['pending', 'awaiting-payment', 'confirmed', 'shipped', 'returned', 'rejected', 'cancelled'])(
    'refuses an order that is %s and leaves no trace',
    async (status) => {
      await domain.given(paid('o1', status))

      await expect(giveBack()).rejects.toMatchObject({ kind: 'order-closed', status: 409 })
      expect(await domain.emitted()).toEqual([])
    },
  )

  test("does not let on that another customer's order exists", async () => {
    await domain.given(paid('o1', 'delivered'))

    const refused = { kind: 'unknown-order', status: 404 }
    await expect(giveBack(undefined, { caller: 'bob' })).rejects.toMatchObject(refused)
    await expect(giveBack(undefined, { id: 'o2' })).rejects.toMatchObject(refused)
  })

  test('owes nothing for what cost nothing', async () => {
    await domain.given(
      paid('o1', 'delivered', { lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice: 0 }] }),
    )

    expect((await giveBack()).body).toMatchObject({ status: 'returned', refund: 0 })
    expect(await told(RefundDue.type)).toEqual([])
  })

  test('never takes back more than was bought, nor owes more than was paid, however returns come together', async () => {
    const wish = fc.dictionary(
      fc.constantFrom('SPOON', 'TEA', 'TIN', 'GHOST'),
      fc.integer({ min: 1, max: 4 }),
      {
        minKeys: 1,
      },
    )
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(wish, { nil: undefined }), { minLength: 2, maxLength: 8 }),
        async (wishes) => {
          const id = `o-${++round}`
          await domain.given(paid(id, 'delivered', { lines: MIXED }))

          const tries = await Promise.allSettled(wishes.map((quantities) => giveBack(quantities, { id })))

          const { status, lines } = await order(id)
          const returns = (await told<OrderReturned>(OrderReturned.type)).filter(
            ({ orderId }) => orderId === id,
          )
          const refunds = (await told<RefundDue>(RefundDue.type)).filter(({ orderId }) => orderId === id)
          const owed = refunds.reduce((sum, { amount }) => sum + amount, 0)
          const back = (sku: string) =>
            returns
              .flatMap((one) => one.lines)
              .reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0)

          expect(returns).toHaveLength(tries.filter((one) => one.status === 'fulfilled').length)
          for (const { sku, quantity, returned = 0 } of lines) {
            expect(returned).toBe(back(sku))
            expect(returned).toBeLessThanOrEqual(quantity)
          }
          expect(owed).toBe(totalOf(lines.map((line) => ({ ...line, quantity: line.returned ?? 0 }))))
          expect(status === 'returned').toBe(owed === totalOf(MIXED))
          expect(back('GHOST')).toBe(0)
        },
      ),
      { numRuns: 25, seed: 7 },
    )
  }, 240_000)

  test('at its door: a repeated request is the same return, also when both come at once', async () => {
    await domain.given(paid('o1', 'delivered', { lines: MIXED }), paid('o2', 'delivered'))
    const keys = await tokens()
    const [{ name }] = (await domain.rows('select current_database() as name')) as [{ name: string }]
    const database = () => openDatabase({ DATABASE_URL: urlOf(name) })
    const parts = { database, cache: testCache, callers: openCallers }
    const { url, close } = await serve(returnOrderFunction(domain.operation, parts, keys.env))
    const authorization = await keys.bearer('ada')
    const post = (id: string, key: string, body?: object) =>
      fetch(`${url}/v1/orders/${id}/return`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': `${name}-${key}` },
        ...(body && { body: JSON.stringify(body) }),
      })
    const tea = { lines: [{ sku: 'TEA', quantity: 1 }] }

    const first = await post('o1', 'k1', tea)
    const again = await post('o1', 'k1', tea)
    const another = await post('o1', 'k1', { lines: [{ sku: 'TEA', quantity: 2 }] })
    const atOnce = await Promise.all(Array.from({ length: 6 }, () => post('o2', 'k2')))
    const after = await post('o2', 'k2')

    expect([first.status, again.status, another.status]).toEqual([202, 202, 422])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
    const kinds = await Promise.all(
      atOnce.map(async (answer) =>
        answer.status === 202 ? 202 : ((await answer.json()) as { type: string }).type,
      ),
    )
    const running = 'https://kiosk.example/problems/platform/request-in-progress'
    expect(kinds.filter((kind) => kind !== 202 && kind !== running)).toEqual([])
    expect([after.status, after.headers.get('idempotent-replayed')]).toEqual([202, 'true'])
    expect((await told<OrderReturned>(OrderReturned.type)).map(({ orderId }) => orderId)).toEqual([
      'o1',
      'o2',
    ])
    await close()
  })

  test('at its door: repetitions at once have one answer also while there is no Redis to tell them apart', async () => {
    await domain.given(paid('o1', 'delivered'))
    const keys = await tokens()
    const [{ name }] = (await domain.rows('select current_database() as name')) as [{ name: string }]
    const database = () => openDatabase({ DATABASE_URL: urlOf(name), DATABASE_CONNECTIONS: '8' })
    const { url, close } = await serve(
      returnOrderFunction(domain.operation, { database, callers: openCallers }, keys.env),
    )
    const headers = { authorization: await keys.bearer('ada'), 'idempotency-key': 'k1' }
    const post = () => fetch(`${url}/v1/orders/o1/return`, { method: 'POST', headers })

    const answers = await Promise.all(Array.from({ length: 8 }, post))
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    await close()

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202))
    expect(new Set(bodies).size).toBe(1)
    expect(await told(OrderReturned.type)).toHaveLength(1)
  })

  test('at its door: refuses lines that are none, and half a piece', async () => {
    const keys = await tokens()
    const env = { ...keys.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }
    const parts = { callers: openCallers, database: openDatabase, cache: testCache }
    const { url, close } = await serve(returnOrderFunction(domain.operation, parts, env))
    const authorization = await keys.bearer('ada')
    const bodies = [
      { lines: [] },
      { lines: 'all' },
      { lines: [{ sku: 'TEA', quantity: 0.5 }] },
      { lines: [{ sku: 'TEA', quantity: -1 }] },
      { lines: [null] },
      { refund: 100 },
    ]

    const answers = await Promise.all(
      bodies.map((body) =>
        fetch(`${url}/v1/orders/o1/return`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    )
    await close()

    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 422))
  })
})
