import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runner } from 'node-pg-migrate'
import pg from 'pg'

/** Whose migrations, and where to. */
export interface Migration {
  /** Connection string of the domain's database, as the role that is to own its tables. */
  url: string
  domain: string
  /** The checkout: migrations are `infra/postgres/{shared,<domain>}/NNNN-name.sql` below it. */
  root: string
}

/**
 * Brings a domain's database up to date: first what every domain has (`shared`, names beginning with 0000), then its
 * own files, in the order of their numbers, each once. All that is missing is applied in one transaction, so a failure
 * leaves the database as it was. Two that run at once wait for each other. Forward only: a file that has been applied
 * anywhere is never edited; a correction is the next file. Answers the names it applied.
 */
export async function migrate({ url, domain, root }: Migration): Promise<string[]> {
  const folders = ['shared', domain].map((folder) => join(root, 'infra', 'postgres', folder))
  await expectUniqueNames(folders)
  let current = ''
  // Our own connection: the library does not wait for its own to close, and an open one forbids cloning the database.
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await expectOrder(client, folders)
    const applied = await runner({
      dbClient: client,
      dir: folders.map((folder) => `${escapeGlob(folder)}/*.sql`),
      useGlob: true,
      direction: 'up',
      migrationsTable: 'migrations',
      singleTransaction: true,
      // What all share may be added to after a domain has run its own: each folder has an order of its own.
      checkOrder: false,
      advisoryLockMode: 'wait',
      logger: {
        // The library names a migration in its log alone, right before it runs it.
        info: (line: string) => (current = /^### MIGRATION (\S+)/.exec(line)?.[1] ?? current),
        warn: () => undefined,
        error: () => undefined,
      },
    })
    return applied.map(({ name }) => name)
  } catch (error) {
    const what = current === '' ? `the migrations of ${domain}` : `migration ${current} of ${domain}`
    throw new Error(`${what} failed: ${(error as Error).message}`, { cause: error })
  } finally {
    await client.end()
  }
}

/** The library remembers a migration by its name alone: of two that share one, the second would never run. */
async function expectUniqueNames(folders: string[]): Promise<void> {
  const names = (await Promise.all(folders.map((folder) => readdir(folder)))).flat()
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`two migrations are called ${twice}: ${folders.join(' and ')}`)
}

/** In each folder, what is yet to run comes after what has run. */
async function expectOrder(client: pg.Client, folders: string[]): Promise<void> {
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regclass('migrations') is not null as known`,
  )
  if (!rows[0]!.known) return
  const { rows: ran } = await client.query<{ name: string }>('select name from migrations')
  const hasRun = new Set(ran.map(({ name }) => name))
  for (const folder of folders) {
    const names = (await readdir(folder)).map((file) => file.replace(/\.sql$/, '')).sort()
    const last = names.filter((name) => hasRun.has(name)).at(-1) ?? ''
    const early = names.find((name) => !hasRun.has(name) && name < last)
    if (early !== undefined)
      throw new Error(`Not run migration ${early} is preceding already run migration ${last}`)
  }
}

/** A checkout may live below a folder with brackets in its name. */
const escapeGlob = (path: string): string => path.replace(/[?*()[\]{}]/g, '[$&]')
