import { openDatabase } from '#runtime/database'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import deployable, { reportMetrics } from './handler'
import { exposition } from './exposition'

describe('report-metrics', () => {
  const domain = openDomain('platform/report-metrics')
  const nothing = () => Promise.resolve({ unsent: 0 })
  const read = async (askRelay: (name: string) => Promise<object> = nothing) =>
    (await reportMetrics({}, { ...domain.deps(), askRelay: askRelay as never })).body
  const letter = (id: string, state: string) =>
    domain.rows(
      `insert into dead_letters (id, source, event_id, type, trigger, attributes, cause, state, buried_at)
       values (gen_random_uuid(), 'test', $1, 'a', 'charge', '{}', '{}', $2, now())`,
      [id, state],
    )
  const violation = (about: string, reportedAt: string | null) =>
    domain.rows(`insert into violations values ('order-gets-on', $1, 'an end', 'none', now(), now(), $2)`, [
      about,
      reportedAt,
    ])

  test('tells of every domain that nothing waits, and of a shop without trouble no violation', async () => {
    const text = await read()

    expect(text).toContain('# TYPE kiosk_domain_up gauge\nkiosk_domain_up{domain="accounts"} 1\n')
    expect(text).toContain('kiosk_outbox_unsent_events{domain="stock"} 0\n')
    expect(text).toContain('kiosk_dead_letters{state="buried"} 0\n')
    expect(text).not.toMatch(/kiosk_invariant_violations\{/)
  })

  test('tells what waits to be sent, and for how long', async () => {
    const text = await read((name) =>
      name === 'orders'
        ? Promise.resolve({ unsent: 3, oldestUnsentAt: '2026-03-01T09:58:30.000Z' })
        : nothing(),
    )

    expect(text).toContain('kiosk_outbox_unsent_events{domain="orders"} 3\n')
    expect(text).toContain('kiosk_outbox_oldest_unsent_seconds{domain="orders"} 90\n')
  })

  test('a domain that does not answer is not up, and the others are told all the same', async () => {
    const text = await read((name) => (name === 'orders' ? Promise.reject(new Error('away')) : nothing()))

    expect(text).toContain('kiosk_domain_up{domain="orders"} 0\n')
    expect(text).toContain('kiosk_domain_up{domain="payments"} 1\n')
    expect(text).not.toContain('kiosk_outbox_unsent_events{domain="orders"}')
  })

  test('counts dead letters that are not settled', async () => {
    for (const [id, state] of Object.entries({ a: 'buried', b: 'buried', c: 'failed-again', d: 'settled' }))
      await letter(id, state)

    const text = await read()

    expect(text).toContain('kiosk_dead_letters{state="buried"} 2\n')
    expect(text).toContain('kiosk_dead_letters{state="failed-again"} 1\n')
    expect(text).not.toContain('settled')
  })

  test('counts what was told as violated, not what was seen once', async () => {
    await violation('order-1', '2026-03-01T09:00:00.000Z')
    await violation('order-2', null)

    expect(await read()).toContain('kiosk_invariant_violations{invariant="order-gets-on"} 1\n')
  })

  test('escapes what would end a label', () => {
    const samples = [{ labels: { a: 'x"y\\z\n' }, value: 1 }]

    expect(exposition([{ name: 'n', help: 'h', samples }])).toBe(
      '# HELP n h\n# TYPE n gauge\nn{a="x\\"y\\\\z\\n"} 1\n',
    )
  })

  test('answers in the format that Prometheus asks for', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { DATABASE_URL: urlOf(row!.name), OPERATION_URL: 'http://127.0.0.1:1/{operation}' }
    const door = await serve(deployable(domain.operation, { database: openDatabase }, env))

    const answer = await fetch(`${door.url}/v1/metrics`)
    const text = await answer.text()
    await door.close()

    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    expect(text).toContain('kiosk_domain_up{domain="orders"} 0')
  })
})
