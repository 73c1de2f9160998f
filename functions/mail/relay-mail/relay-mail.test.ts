import { openDatabase } from '#runtime/database'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import relayMail from './handler'

describe('relay-mail', () => {
  const domain = openDomain('mail/relay-mail')
  let door: Awaited<ReturnType<typeof serve>>

  beforeAll(async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = {
      DATABASE_URL: urlOf(row!.name),
      K_SINK: 'http://127.0.0.1:1/kiosk/mail',
      OPERATION_URL: 'http://127.0.0.1:1/{operation}',
    }
    door = await serve(relayMail(domain.operation, { database: openDatabase }, env))
  })
  afterAll(() => door.close())

  const tick = () =>
    fetch(door.url, {
      method: 'POST',
      headers: {
        'ce-specversion': '1.0',
        'ce-id': 'tick',
        'ce-source': 'timer',
        'ce-type': 'dev.knative.sources.ping',
        'content-type': 'application/json',
      },
      body: '{}',
    })
  const handled = (id: string, ago: string) => ({
    text: `insert into inbox values ('send-mail', 'test', $1, now() - $2::interval)`,
    values: [id, ago],
  })

  test('forgets events that no one can bring again, and remembers the others', async () => {
    for (const { text, values } of [handled('old', '91 days'), handled('young', '80 days')])
      await domain.rows(text, values)

    expect((await tick()).status).toBe(204)

    expect(await domain.rows('select id from inbox')).toEqual([{ id: 'young' }])
  })

  test('forgets what was sent long ago, and nothing that is being sent', async () => {
    const mail = (id: string, finished: string | null) =>
      domain.rows(
        `insert into mails (source, event_id, type, recipient, status, claimed_until, created_at, finished_at)
         values ('test', $1, 'test', 'ada@example.com', 'sent', now(), now() - interval '100 days', now() - $2::interval)`,
        [id, finished],
      )
    await Promise.all([mail('old', '91 days'), mail('young', '89 days'), mail('open', null)])
    await domain.rows('delete from upkeep')

    expect((await tick()).status).toBe(204)

    expect(await domain.rows('select event_id as id from mails order by 1')).toEqual([
      { id: 'open' },
      { id: 'young' },
    ])
  })

  test('tells that its database answers', async () => {
    const answer = await fetch(`${door.url}/v1/outbox`)

    expect([answer.status, await answer.json()]).toEqual([200, { unsent: 0 }])
  })
})
