import { openDomain } from '#support/domain'
import { begin, isAnswered } from '../ping'
import { answerPing } from './handler'

describe('answer-ping', () => {
  const domain = openDomain('platform/answer-ping')
  const ping = { pingId: 'ping-1', sentAt: '2026-03-01T10:00:00.000Z' }
  const answered = () => domain.rows('select id, answered_at from pings order by id')

  test('answers a ping', async () => {
    await domain.given((db) => begin(db, 'ping-1', new Date(ping.sentAt)))

    await answerPing(ping, domain.eventDeps())

    expect(await isAnswered(domain.deps().db, 'ping-1')).toBe(true)
  })

  test('a ping delivered again keeps its first answer', async () => {
    await domain.given((db) => begin(db, 'ping-1', new Date(ping.sentAt)))
    await answerPing(ping, domain.eventDeps())
    domain.at('2026-03-01T10:05:00.000Z')

    await answerPing(ping, domain.eventDeps())

    expect(await answered()).toEqual([{ id: 'ping-1', answered_at: new Date('2026-03-01T10:00:00.000Z') }])
  })

  test('a ping that nobody waits for any more does no harm', async () => {
    await answerPing(ping, domain.eventDeps())

    expect(await answered()).toEqual([])
  })

  test('pings are forgotten after an hour, when another goes out', async () => {
    await domain.given(
      (db) => begin(db, 'ping-1', new Date('2026-03-01T08:59:00.000Z')),
      (db) => begin(db, 'ping-2', new Date('2026-03-01T09:30:00.000Z')),
      (db) => begin(db, 'ping-3', new Date('2026-03-01T10:00:00.000Z')),
    )

    expect(await answered()).toMatchObject([{ id: 'ping-2' }, { id: 'ping-3' }])
  })
})
