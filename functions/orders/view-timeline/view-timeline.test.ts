import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { viewTimeline } from './handler'

describe('view-timeline', () => {
  const domain = openDomain('orders/view-timeline')

  test('tells the steps of an order to its customer, in order', async () => {
    await domain.given(placed('o1'), (db) =>
      db.query(`insert into order_steps (order_id, step, status, details, trace_id, at)
                values ('o1', 'placed', 'pending', '{"total": 900}', 't1', '2026-03-01T09:00:00Z'),
                       ('o1', 'accepted', 'awaiting-payment', '{}', 't1', '2026-03-01T09:00:01Z')`),
    )

    const { body } = await viewTimeline({ id: 'o1' }, domain.deps())

    expect(body).toEqual({
      orderId: 'o1',
      steps: [
        {
          step: 'placed',
          status: 'pending',
          at: '2026-03-01T09:00:00.000Z',
          traceId: 't1',
          details: { total: 900 },
        },
        {
          step: 'accepted',
          status: 'awaiting-payment',
          at: '2026-03-01T09:00:01.000Z',
          traceId: 't1',
          details: {},
        },
      ],
    })
  })

  test('tells nothing to another customer', async () => {
    await domain.given(placed('o1'))

    await expect(viewTimeline({ id: 'o1' }, domain.deps({ caller: 'bob' }))).rejects.toMatchObject({
      kind: 'unknown-order',
    })
  })
})
