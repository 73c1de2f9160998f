import { http, paged, type Deps } from '#runtime/http'
import { inOpenSession } from '../session'
import { emailOf } from '../email'
import { ListAccounts } from './input'
import { pageOfAccounts } from './store'

/**
 * Lists the accounts of the shop, newest first.
 *
 * What somebody registered and has not proved is no account and not in the list. Equal moments are told apart by id, so
 * pages neither overlap nor miss an account.
 */
export async function listAccounts({ page = 1, pageSize = 20, role, email }: ListAccounts, { db }: Deps) {
  const filter = { role, email: email === undefined ? undefined : emailOf(email) }
  const { accounts, total } = await pageOfAccounts(db, filter, { page, pageSize })
  return paged(accounts, total, { page, pageSize }, '/v1/accounts', filter)
}

export default http(ListAccounts, inOpenSession(listAccounts))
