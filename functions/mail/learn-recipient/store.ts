import type { Queryable } from '#runtime/database'

/** Keeps who an account is, unless the account is known already. */
export async function keepRecipient(
  db: Queryable,
  recipient: { accountId: string; email: string; name: string; registeredAt: string },
): Promise<void> {
  const { accountId, email, name, registeredAt } = recipient
  await db.query(
    `insert into recipients (account_id, email, name, registered_at) values ($1, $2, $3, $4)
     on conflict (account_id) do nothing`,
    [accountId, email, name, registeredAt],
  )
}

/**
 * Forgets who an account was, also in the list of what was sent. A row stays that says nothing but that the account is
 * closed.
 */
export async function forgetRecipient(
  db: Queryable,
  { accountId, closedAt }: { accountId: string; closedAt: string },
): Promise<void> {
  await db.query(
    `with known as (select email from recipients where account_id = $1),
          forgotten as (update mails set recipient = '' where recipient in (select email from known))
     insert into recipients (account_id, registered_at) values ($1, $2)
     on conflict (account_id) do update set email = null, name = null`,
    [accountId, closedAt],
  )
}
