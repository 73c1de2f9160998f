import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openDatabase, type Connections } from '#runtime/database'
import { DOMAINS, type Domain } from '../../infra/tools/invariants/facts'
import { installGates, watchFrom } from './gates'
import { openOutside } from './outside'
import type { Sabotage } from './sabotage'

export type { Domain }

/**
 * Databases of the four domains that an order goes through, and what is outside of them. They serve run after run: each has
 * orders, items and customers of its own.
 */
async function openShop(adminUrl: string) {
  const run = randomBytes(4).toString('hex')
  const nameOf = (domain: Domain) => `a_${domain}_${run}`
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  const opened: Partial<Record<Domain, Connections>> = {}
  for (const domain of DOMAINS) {
    await admin.query(`create database ${nameOf(domain)} template template_${domain}`)
    const url = new URL(adminUrl)
    url.pathname = `/${nameOf(domain)}`
    opened[domain] = openDatabase({ DATABASE_URL: url.href, DATABASE_CONNECTIONS: '12' })
  }
  const databases = opened as Record<Domain, Connections>
  await Promise.all(DOMAINS.map((domain) => keepOld(databases[domain])))
  const outside = await openOutside(databases.orders)
  let runs = 0
  return {
    id: run,
    databases,
    outside,
    /** Numbers a run. */
    next: () => ++runs,
    /** Begins anew, after a run that left something behind. */
    empty: () => Promise.all(DOMAINS.map((domain) => truncate(databases[domain]))),
    close: async () => {
      await outside.close()
      await Promise.all(DOMAINS.map((domain) => databases[domain].end()))
      for (const domain of DOMAINS) await admin.query(`drop database ${nameOf(domain)} with (force)`)
      await admin.end()
    },
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** Several of them, so that one works while another waits for Postgres; all with the same protection missing, if any. */
export async function openShops(adminUrl: string, count: number, sabotage?: Sabotage) {
  const stopWatching = watchFrom(adminUrl)
  const removeGates = installGates(() => sabotage)
  const shops: Shop[] = []
  for (let nth = 0; nth < count; nth++) shops.push(await openShop(adminUrl))
  const close = async () => {
    for (const shop of shops) await shop.close()
    removeGates()
    await stopWatching()
  }
  return { shops, close }
}

async function truncate(db: Connections): Promise<void> {
  const { rows } = await db.query<{ tables: string }>(
    `select string_agg(quote_ident(tablename), ', ') as tables from pg_tables
      where schemaname = 'public' and tablename <> 'migrations'`,
  )
  await db.query(`truncate ${rows[0]!.tables} restart identity cascade`)
  await keepOld(db)
}

/** A relay prunes once an hour, so a run would depend on when it is. */
const keepOld = (db: Connections) =>
  db.query(`insert into upkeep (task, done_at) values ('prune', 'infinity')`)
