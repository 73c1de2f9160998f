import type { Tx } from '#runtime/database'

/** Keeps who has registered, unless that is known already or was forgotten. */
export function keepRecipient(
  tx: Tx,
  recipient: { accountId: string; email: string; name: string; registeredAt: string },
): void {
  const { accountId, email, name, registeredAt } = recipient
  tx.write(
    `insert into recipients (account_id, email, name, registered_at) values ($1, $2, $3, $4)
     on conflict (account_id) do nothing`,
    [accountId, email, name, registeredAt],
  )
  forgetUnknown(tx, email)
}

/** Forgets who an account or a registration was. A row stays that says nothing but that it has ended. */
export async function forgetRecipient(tx: Tx, accountId: string, endedAt: string): Promise<void> {
  tx.write(
    'insert into recipients (account_id, registered_at) values ($1, $2) on conflict (account_id) do nothing',
    [accountId, endedAt],
  )
  const email = await lockEmailOf(tx, accountId)
  tx.write('update recipients set email = null, name = null where account_id = $1', [accountId])
  if (email !== undefined) forgetUnknown(tx, email)
}

/**
 * Locks all who have the address of an account, and answers that address; nothing when it has none. Of two that are
 * forgotten at the same moment the second therefore sees that nobody is left.
 */
async function lockEmailOf(tx: Tx, accountId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ email: string }>(
    `select email from recipients where email = (select email from recipients where account_id = $1)
      order by account_id for update`,
    [accountId],
  )
  return rows[0]?.email
}

/** Takes an address that nobody has any more out of the list of what was sent, with what a mail server said of it. */
function forgetUnknown(tx: Tx, email: string): void {
  tx.write(
    `update mails set recipient = '', reason = null
      where recipient = $1 and not exists (select from recipients where email = $1)`,
    [email],
  )
}
