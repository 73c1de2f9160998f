import { createHmac } from 'node:crypto'
import pg from 'pg'

const EXTENSIONS = ['pg_trgm', 'unaccent']

/** Set on a database when nothing is left to do for it. */
const COMPLETE = 'kiosk: complete'

/** A domain's connection string. Its password follows from the superuser's, so that none needs to be kept. */
export function domainUrl(adminUrl: string, adminPassword: string, domain: string): string {
  const url = new URL(adminUrl)
  url.username = domain
  url.password = createHmac('sha256', adminPassword).update(domain).digest('hex')
  url.pathname = `/${domain}`
  return url.href
}

/**
 * Makes for each domain a role, and a database that this role owns and no other domain's may enter, with the extensions
 * that only a superuser can add. Safe to repeat: what is there stays, what an interrupted run left out is added.
 */
export async function createDomains(
  adminUrl: string,
  domains: string[],
  urlOf: (domain: string) => string,
): Promise<void> {
  await connected(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      `select datname from pg_database where shobj_description(oid, 'pg_database') = $1`,
      [COMPLETE],
    )
    const complete = new Set(rows.map(({ datname }) => datname))
    for (const domain of domains.filter((name) => !complete.has(name))) {
      await createDomain(admin, domain, urlOf(domain))
      await addExtensions(adminUrl, domain)
      await admin.query(`comment on database ${pg.escapeIdentifier(domain)} is ${pg.escapeLiteral(COMPLETE)}`)
    }
  })
}

async function createDomain(admin: pg.Client, domain: string, url: string): Promise<void> {
  const name = pg.escapeIdentifier(domain)
  const password = pg.escapeLiteral(new URL(url).password)
  await unlessThere('42710', () => admin.query(`create role ${name} login`))
  await admin.query(`alter role ${name} login password ${password}`)
  await unlessThere('42P04', () => admin.query(`create database ${name} owner ${name}`))
  await admin.query(`revoke all on database ${name} from public`)
}

async function addExtensions(adminUrl: string, domain: string): Promise<void> {
  const url = new URL(adminUrl)
  url.pathname = `/${domain}`
  await connected(url.href, async (client) => {
    for (const extension of EXTENSIONS) {
      await unlessThere('23505', () => client.query(`create extension if not exists ${extension}`))
    }
  })
}

/** `code` is what Postgres answers when the thing exists already. */
async function unlessThere(code: string, create: () => Promise<unknown>): Promise<void> {
  try {
    await create()
  } catch (error) {
    if ((error as { code?: string }).code !== code) throw error
  }
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
