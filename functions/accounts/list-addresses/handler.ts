import { http, paged, type Deps } from '#runtime/http'
import { inOpenSession } from '../session'
import { ListAddresses } from './input'
import { addressesOf, type Row } from './store'

/**
 * Lists the addresses that a person keeps here.
 *
 * They are so few that one page holds them all, unless smaller ones are asked for.
 */
export async function listAddresses({ page = 1, pageSize = 20 }: ListAddresses, { db, caller }: Deps) {
  const addresses = await addressesOf(db, caller.id)
  const items = addresses.slice((page - 1) * pageSize, page * pageSize).map(shown)
  return paged(items, addresses.length, { page, pageSize }, '/v1/me/addresses', {})
}

/** What was not said of an address is left out. */
const shown = (row: Row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

export default http(ListAddresses, inOpenSession(listAddresses))
