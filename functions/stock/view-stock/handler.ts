import { http, ok, type Deps } from '#runtime/http'
import { shown } from '../level'
import { problem } from '../problems'
import { ViewStock } from './input'
import { levelOf } from './store'

/** Shows how much of an item there is and how much is promised. */
export async function viewStock({ sku }: ViewStock, { db }: Deps) {
  const level = await levelOf(db, sku)
  if (!level) throw problem('unknown-sku')
  return ok(shown(level))
}

export default http(ViewStock, viewStock)
