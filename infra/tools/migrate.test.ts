import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { ownPorts } from '#support/ports'
import { countedWire } from '#support/wire'
import { startPostgres, type Postgres } from '../local/services/postgres'
import { migrate } from './migrate'

describe('migrate', () => {
  const home = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-migrate-`))
  let postgres: Postgres
  let checkouts = 0

  beforeAll(async () => {
    const [port = 0] = await ownPorts(1)
    postgres = await startPostgres({
      folder: join(home, 'postgres'),
      port,
      runFolder: join(home, 'run'),
      fsync: false,
    })
  })
  afterAll(async () => {
    await postgres.stop()
    rmSync(home, { recursive: true })
  })

  /** A checkout with these migrations, and an empty database for its domain. */
  const checkout = async (files: Record<string, string>) => {
    const domain = `domain${++checkouts}`
    const root = join(home, `checkout [${domain}]`)
    const write = (name: string, sql: string) => {
      const file = join(root, 'infra/postgres', name.replace('own/', `${domain}/`))
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, sql)
    }
    for (const [name, sql] of Object.entries(files)) write(name, sql)
    await postgres.createDomains([domain])
    return { plan: { url: postgres.urlOf(domain), domain, root }, write }
  }
  const tablesOf = async (url: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query<{ tablename: string; tableowner: string }>(
      `select tablename, tableowner from pg_tables where schemaname = 'public' order by tablename`,
    )
    await client.end()
    return rows.map(({ tablename, tableowner }) => `${tablename} of ${tableowner}`)
  }
  const shared = { 'shared/0000-events.sql': 'create table outbox (id text)' }

  test('applies what every domain has, then its own in order, as the role that owns the database', async () => {
    const { plan } = await checkout({
      'own/0002-more.sql': 'alter table orders add column total bigint',
      'own/0001-orders.sql': `-- Up to now there is nothing.\ncreate table orders (id text); create index on orders (id)`,
      ...shared,
    })

    const applied = await migrate(plan)

    expect(applied).toEqual(['0000-events', '0001-orders', '0002-more'])
    const { domain } = plan
    expect(await tablesOf(plan.url)).toEqual([
      `migrations of ${domain}`,
      `orders of ${domain}`,
      `outbox of ${domain}`,
    ])
  })

  test('applies only what is new', async () => {
    const { plan, write } = await checkout({ ...shared, 'own/0001-a.sql': 'create table a (id text)' })
    await migrate(plan)
    write('own/0002-b.sql', 'create table b (id text)')

    expect(await migrate(plan)).toEqual(['0002-b'])
    expect(await migrate(plan)).toEqual([])
  })

  test('is applied once when several begin at the same moment', async () => {
    const { plan } = await checkout({
      ...shared,
      'own/0001-a.sql': 'select pg_sleep(0.1); create table a ()',
    })

    const applied = await Promise.all([migrate(plan), migrate(plan), migrate(plan)])

    expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, 2])
  })

  test('names the migration that failed, and leaves the database as it was', async () => {
    const { plan } = await checkout({
      ...shared,
      'own/0001-a.sql': 'create table a ()',
      'own/0002-b.sql': 'creat',
    })

    await expect(migrate(plan)).rejects.toThrow(
      `migration 0002-b of ${plan.domain} failed: syntax error at or near "creat"`,
    )
    expect(await tablesOf(plan.url)).toEqual([`migrations of ${plan.domain}`])
  })

  test('refuses two migrations of one name', async () => {
    const { plan } = await checkout({ ...shared, 'own/0000-events.sql': 'create table other ()' })

    await expect(migrate(plan)).rejects.toThrow('two migrations are called 0000-events.sql')
  })

  test('refuses a migration that was put before one that has run', async () => {
    const { plan, write } = await checkout({ ...shared, 'own/0002-b.sql': 'create table b ()' })
    await migrate(plan)
    write('own/0001-a.sql', 'create table a ()')

    await expect(migrate(plan)).rejects.toThrow(
      'Not run migration 0001-a is preceding already run migration 0002-b',
    )
  })

  test('applies what is new to all, though a domain has run its own', async () => {
    const { plan, write } = await checkout({ ...shared, 'own/0001-a.sql': 'create table a (id text)' })
    await migrate(plan)
    write('shared/0000-replays.sql', 'create table replays ()')
    write('own/0002-b.sql', 'create table b ()')

    expect(await migrate(plan)).toEqual(['0000-replays', '0002-b'])
    expect(await migrate(plan)).toEqual([])
  })

  test('asks little when there is nothing to do', async () => {
    const { plan } = await checkout({ ...shared, 'own/0001-a.sql': 'create table a ()' })
    await migrate(plan)
    const wire = await countedWire(new URL(plan.url))

    await migrate({ ...plan, url: wire.url })
    await wire.close()

    expect(wire.count.trips).toBeLessThanOrEqual(15)
  })
})
