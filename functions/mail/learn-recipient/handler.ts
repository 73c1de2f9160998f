import { AccountClosed } from '#events/accounts/account-closed.v1/event'
import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { forgetRecipient, keepRecipient } from './store'

/**
 * Learns the name and address of who has opened an account, and forgets who has closed it.
 *
 * An order's events say which account they are for and, rightly, not where that person reads mail; and a domain never
 * asks another's database. So mail keeps its own copy. An account is registered once and closed once, hence no inbox is
 * needed, and whichever is heard of first, in the end nothing is known of an account that is closed.
 */
export async function learnRecipient(account: AccountRegistered | AccountClosed, { db }: EventDeps) {
  if ('closedAt' in account) return forgetRecipient(db, account)
  const { accountId, email, name, registeredAt } = account
  return keepRecipient(db, { accountId, email, name, registeredAt })
}

export default on([AccountRegistered, AccountClosed], learnRecipient)
