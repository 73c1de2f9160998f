import { prune } from '#runtime/relay-retention'
import { openDomain } from '#support/domain'
import { FORGOTTEN } from './retention'

describe('relay-platform', () => {
  const domain = openDomain('platform/relay-platform')
  const letter = (id: string, state: string, settled: string | null) => () =>
    domain.rows(
      `insert into dead_letters (id, source, event_id, type, trigger, attributes, cause, state, buried_at, settled_at)
       values ($1, 'test', $1, 'test', 'test', '{}', '{}', $2, now() - interval '400 days', now() - $3::interval)`,
      [id, state, settled],
    )
  const told = (id: string, ago: string) => () =>
    domain.rows(
      `insert into accepted_events (producer, source, id, type, accepted_at)
       values ('carrier', 'test', $1, 'test', now() - $2::interval)`,
      [id, ago],
    )
  const kept = async (table: string) =>
    (await domain.rows<{ id: string }>(`select id from ${table} order by id`)).map(({ id }) => id)

  test('forgets letters that were settled long ago, and never one that still waits', async () => {
    await domain.given(
      letter('settled-long-ago', 'settled', '91 days'),
      letter('settled', 'settled', '89 days'),
      letter('buried', 'buried', null),
      letter('failed', 'failed-again', null),
    )

    expect(await prune(domain.deps().db, FORGOTTEN)).toBe(1)

    expect(await kept('dead_letters')).toEqual(['buried', 'failed', 'settled'])
  })

  test('forgets what producers told long ago', async () => {
    await domain.rows(
      `insert into producers (name, credential_hash, types, added_at) values ('carrier', 'hash', '{}', now())`,
    )
    await domain.given(told('old', '91 days'), told('young', '89 days'))

    expect(await prune(domain.deps().db, FORGOTTEN)).toBe(1)

    expect(await kept('accepted_events')).toEqual(['young'])
  })
})
