import { openDomain } from '#support/domain'
import type { AskRelay } from '../relays'
import { viewReplay } from './handler'

type Share = NonNullable<Awaited<ReturnType<AskRelay>>['replay']>

describe('view-replay', () => {
  const domain = openDomain('platform/view-replay')
  const kept = (types: string[]) =>
    domain.rows(
      `insert into replay_requests values ('r1', '2026-02-27T00:00:00Z', '2026-02-28T00:00:00Z', $1, 'send-mail', 'root',
                                           '2026-03-01T09:00:00Z')`,
      [types],
    )
  const share = (over: Partial<Share> = {}): Share => ({
    ...{ state: 'done', total: 3, sent: 3, failed: 0, failures: [], lastError: null },
    ...over,
  })
  const view = (shares: Record<string, Share | Error | undefined>) => {
    const askRelay: AskRelay = async (name) => {
      const own = shares[name]
      if (own instanceof Error) throw own
      return { unsent: 0, ...(own && { replay: own }) }
    }
    return viewReplay({ id: 'r1' }, { ...domain.deps({ caller: { role: 'admin' } }), askRelay })
  }
  const TYPES = ['shop.kiosk.orders.order-cancelled.v1', 'shop.kiosk.payments.payment-declined.v1']

  test('shows what each domain has brought', async () => {
    await kept(TYPES)
    const failures = [{ id: 'e1', type: TYPES[1]!, status: 500, answer: 'no' }]

    const { status, body } = await view({
      orders: share(),
      payments: share({ sent: 2, failed: 1, failures }),
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      ...{ replayId: 'r1', state: 'done', to: 'send-mail', types: TYPES, requestedBy: 'root' },
      ...{ from: '2026-02-27T00:00:00.000Z', until: '2026-02-28T00:00:00.000Z' },
      requestedAt: '2026-03-01T09:00:00.000Z',
      domains: [
        { domain: 'orders', state: 'done', total: 3, sent: 3, failed: 0, failures: [] },
        { domain: 'payments', state: 'done', total: 3, sent: 2, failed: 1, failures },
      ],
    })
  })

  test.each<[string, Record<string, Share | Error | undefined>]>([
    ['running', { orders: share({ state: 'open', sent: 1, lastError: '503: starting' }), payments: share() }],
    ['running', { orders: share(), payments: undefined }],
    ['running', { orders: share({ state: 'stopped' }), payments: new Error('away') }],
    ['stopped', { orders: share({ state: 'stopped' }), payments: share() }],
    ['done', { orders: share(), payments: share() }],
  ])('is %s while %j', async (state, shares) => {
    await kept(TYPES)

    expect((await view(shares)).body).toMatchObject({ state })
  })

  test('knows no other replay', async () => {
    await expect(view({})).rejects.toMatchObject({ kind: 'unknown-replay' })
  })
})
