import type { Queryable } from '#runtime/database'

interface Step {
  step: string
  status: string
  at: string
  traceId: string
  details: object
}

/** Whose order it is, and its steps in the order they were taken. */
export async function storyOf(
  db: Queryable,
  orderId: string,
): Promise<{ customerId: string; steps: Step[] } | undefined> {
  const { rows } = await db.query<{ customerId: string; steps: (Step & { at: string })[] }>(
    `select customer_id as "customerId",
            (select coalesce(json_agg(json_build_object('step', step, 'status', status, 'at', at, 'traceId', trace_id,
                                               'details', details) order by sequence), '[]')
               from order_steps where order_id = orders.id) as steps
       from orders where id = $1`,
    [orderId],
  )
  const [story] = rows
  if (!story) return undefined
  const { customerId, steps } = story
  return { customerId, steps: steps.map((step) => ({ ...step, at: new Date(step.at).toISOString() })) }
}
