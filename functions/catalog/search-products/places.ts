import { hashOf } from '#runtime/idempotency'
import type { Environment } from '#runtime/operation'
import { openAside, type Aside } from '../aside'
import { MANY } from './store'

/** What a search found: how many in all, and the SKUs in the first places. */
export interface Found {
  total: number
  skus: string[]
}

/** Found places are remembered for 8 to 10 seconds, so that many remembered at one moment do not end at one moment. */
const lifetime = () => Math.floor(8_000 + Math.random() * 2_000)

/**
 * The first places of searches that find more than `MANY` products, remembered in Redis for at most ten seconds: to rank
 * them all takes long, and they are what most people look for. Only places and totals are remembered; what stands there
 * is read from the database, so prices are those of now. A search that finds fewer is never remembered.
 */
export class Places {
  constructor(
    private readonly aside: Aside,
    private readonly name = 'catalog:search',
  ) {}

  look(asked: object, find: () => Promise<Found>): Promise<Found> {
    const key = `${this.name}:${hashOf(JSON.stringify(Object.entries(asked).sort()))}`
    return this.aside.together(key, () => this.#look(key, find))
  }

  async #look(key: string, find: () => Promise<Found>): Promise<Found> {
    const known = await this.aside.ask((cache) => cache.get<string>(key))
    if (typeof known === 'string') return JSON.parse(known) as Found
    const found = await find()
    if (found.total > MANY) {
      await this.aside.ask((cache) => cache.set(key, JSON.stringify(found), { px: lifetime() }))
    }
    return found
  }
}

export const openPlaces = (env: Environment): Places => new Places(openAside(env))
