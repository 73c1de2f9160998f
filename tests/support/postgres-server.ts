import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres, type Postgres } from '../../infra/local/services/postgres'
import { migrate } from '../../infra/tools/migrate'

export interface TestPostgresOptions {
  /** The checkout whose migrations make the templates. */
  root: string
  /** Data, password and log; thrown away with the run. */
  folder: string
  runFolder: string
  port: number
}

/** Every domain that has migrations. */
export const domainsOf = (root: string): string[] =>
  readdirSync(join(root, 'infra', 'postgres'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
    .map(({ name }) => name)
    .sort()

/** The migrated, empty database of a domain: a test file begins with a copy of it. */
export const templateOf = (domain: string): string => `template_${domain}`

/**
 * One Postgres for a whole test run, with a migrated template for each domain. Copying a template takes some ten
 * milliseconds, so each test file can have databases of its own. It never waits for the disk.
 */
export async function startTestPostgres(options: TestPostgresOptions): Promise<Postgres> {
  const { root, folder, runFolder, port } = options
  const postgres = await startPostgres({ folder, port, runFolder, fsync: false })
  await addExtensions(postgres.adminUrl)
  await Promise.all(domainsOf(root).map((domain) => makeTemplate(postgres.adminUrl, domain, root)))
  return postgres
}

/** Every database of the run is a copy of this one. */
async function addExtensions(adminUrl: string): Promise<void> {
  await within(databaseUrl(adminUrl, 'template1'), async (client) => {
    await client.query('create extension pg_trgm; create extension unaccent')
  })
}

async function makeTemplate(adminUrl: string, domain: string, root: string): Promise<void> {
  await within(adminUrl, (client) =>
    client.query(`create database ${pg.escapeIdentifier(templateOf(domain))}`),
  )
  await migrate({ url: databaseUrl(adminUrl, templateOf(domain)), domain, root })
}

function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  return url.href
}

async function within(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
