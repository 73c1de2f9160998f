import { randomUUID } from 'node:crypto'
import type { Connections } from '#runtime/database'

/** An event of a domain's outbox, some time ago: sent at once, unless it is said otherwise. */
export const told =
  (type: string, ago: string, over: { id?: string; sent?: boolean; subject?: string } = {}) =>
  async (db: Connections) => {
    const { id = randomUUID(), sent = true, subject = 'order-1' } = over
    const event = {
      ...{ id, type, source: 'https://kiosk.example/orders', subject, time: '2026-03-01T10:00:00.000Z' },
      ...{
        dataschema: 'https://kiosk.example/events/x/schema.json',
        extensions: {},
        data: { orderId: subject },
      },
    }
    await db.query(
      `insert into outbox (id, event, created_at, sent_at)
       select $1, $2, now() - $3::interval, case when $4 then now() - $3::interval end`,
      [id, JSON.stringify(event), ago, sent],
    )
  }

/** A moment so many hours from now, as a request has it. */
export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString()
