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
