/** A statement on its way, and the rows that its connection has read, by SKU. */
interface Statement {
  text: string
  values: unknown[]
  memory: ReadonlyMap<string, Record<string, unknown>>
}

/** Takes out one protection: what is sent in the place of a statement; undefined leaves it as it is. */
export type Sabotage = (statement: Statement) => { text: string; values: unknown[] } | undefined

/**
 * What the adversary must notice, each a protection that is missing: the inbox, by which an event counts once; the outbox,
 * from which an event is sent that a crash kept from leaving; the condition under which an order takes a step; the lock under
 * which stock is read before it is written.
 */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  inbox: ({ text, values }) =>
    text.startsWith('insert into inbox')
      ? { text: 'select $1::text, $2::text, $3::text', values }
      : undefined,

  outbox: ({ text, values }) =>
    text.startsWith('insert into outbox')
      ? { text: 'insert into outbox (id, event, sent_at) values ($1, $2, now())', values }
      : undefined,

  'conditional-update': ({ text, values }) =>
    text.startsWith('update orders set status')
      ? { text: text.replace('and status = any($8)', 'and $8::text[] is not null'), values }
      : undefined,

  'read-then-write': ({ text, values, memory }) => {
    if (text.includes('from levels') && text.includes('for update')) {
      return { text: text.replace('for update', ''), values }
    }
    if (!/^\s*update levels/.test(text)) return undefined
    const read = (column: string) => (values[0] as string[]).map((sku) => memory.get(sku)?.[column] ?? 0)
    return {
      text: `update levels set on_hand = said.on_hand + said.more, reserved = said.reserved + said.promised, version = version + 1
               from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
                    as said (sku, more, promised, on_hand, reserved)
              where levels.sku = said.sku`,
      values: [...values, read('onHand'), read('reserved')],
    }
  },
}
