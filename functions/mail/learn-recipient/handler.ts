import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { keepRecipient } from './store'

/**
 * Learns the name and address of who has opened an account.
 *
 * An order's events say which account they are for and, rightly, not where that person reads mail; and a domain never
 * asks another's database. So mail keeps its own copy. An account is registered once, hence the first lesson stands and
 * no inbox is needed; what is heard of an account later (that it is closed) is not undone by this event coming after it.
 */
export async function learnRecipient(account: AccountRegistered, { db }: EventDeps) {
  const { accountId, email, name, registeredAt } = account
  await keepRecipient(db, { accountId, email, name, registeredAt })
}

export default on(AccountRegistered, learnRecipient)
