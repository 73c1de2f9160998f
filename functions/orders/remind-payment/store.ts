import type { Queryable, Tx } from '#runtime/database'
import { DEADLINE_HOURS, hoursBefore, REMINDER_HOURS } from '../deadline'
import type { Order } from '../order'

/** An unpaid order, and the reminder that is due for it. */
export type Reminder = Pick<Order, 'orderId' | 'customerId' | 'status' | 'total' | 'currency'> & {
  hours: number
  acceptedAt: Date
}

/**
 * Takes unpaid orders for which a reminder is due that was not given, and notes it as given. Of several that are due
 * for one order only the latest counts. Who was too late to be reminded, since the deadline has passed, is left out.
 */
export async function takeDueReminders(tx: Tx, now: Date, limit: number): Promise<Reminder[]> {
  const { rows } = await tx.query<Reminder>(
    `with due as (
       select id, hours
         from orders,
              lateral (select max(mark.hours) as hours
                         from unnest($1::int[], $2::timestamptz[]) as mark (hours, moment)
                        where orders.accepted_at <= mark.moment) as latest
        where status = 'awaiting-payment' and accepted_at > $3 and reminded_hours < hours
        order by accepted_at limit $4 for update of orders skip locked
     )
     update orders set reminded_hours = due.hours from due where orders.id = due.id
     returning orders.id as "orderId", customer_id as "customerId", status, total, currency, due.hours,
               accepted_at as "acceptedAt"`,
    [
      REMINDER_HOURS,
      REMINDER_HOURS.map((hours) => hoursBefore(now, hours)),
      hoursBefore(now, DEADLINE_HOURS),
      limit,
    ],
  )
  return rows
}

/** Whether any order is still to be paid and not reminded of for the last time. */
export async function hasRemindersLeft(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ left: boolean }>(
    `select exists (select from orders where status = 'awaiting-payment' and reminded_hours < $1) as left`,
    [Math.max(...REMINDER_HOURS)],
  )
  return rows[0]!.left
}
