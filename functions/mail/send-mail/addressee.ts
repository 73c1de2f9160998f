import type { Queryable } from '#runtime/database'
import type { Fact } from './letters'
import { recipientOf } from './store'

/** Who a mail goes to. */
export interface Addressee {
  address: string
  name?: string
}

/**
 * Whom a fact concerns; nobody, when the account is closed or never came to be. An address that a code goes to stands in
 * the fact itself, and the name beside it is left out: whoever typed in the address chose it. An account that is not known
 * yet is a fault: the event is delivered again, and by then its registration has been heard of.
 */
export async function addresseeOf(fact: Fact, db: Queryable): Promise<Addressee | undefined> {
  if ('email' in fact) {
    const known = await recipientOf(db, fact.accountId)
    return known?.email === null ? undefined : { address: fact.email }
  }
  const recipient = await recipientOf(db, fact.customerId)
  if (!recipient) throw new Error(`the address of account ${fact.customerId} is not known here yet`)
  const { email, name } = recipient
  return email === null ? undefined : { address: email, ...(name !== null && { name }) }
}
