import { AccountClosed } from '#events/accounts/account-closed.v1/event'
import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { RegistrationLapsed } from '#events/accounts/registration-lapsed.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { forgetRecipient, keepRecipient } from './store'

/**
 * Learns the name and address of who registers, and forgets them when the registration lapses or the account is closed.
 *
 * An order's events say which account they are for and, rightly, not where that person reads mail; and a domain never
 * asks another's database. So mail keeps its own copy, under the id that the registration's account will have. One
 * address may be registered several times; whichever of them becomes an account, the others lapse, so that nothing is
 * left of a person once that account is closed. Each id begins once and ends once, hence no inbox is needed, and
 * whichever is heard of first, in the end nothing is known of who is gone.
 */
export async function learnRecipient(
  fact: AccountRegistered | RegistrationLapsed | AccountClosed,
  { db }: EventDeps,
) {
  await db.transaction(async (tx) => {
    if ('email' in fact) keepRecipient(tx, fact)
    else await forgetRecipient(tx, fact.accountId, 'closedAt' in fact ? fact.closedAt : fact.lapsedAt)
  })
}

export default on([AccountRegistered, RegistrationLapsed, AccountClosed], learnRecipient)
