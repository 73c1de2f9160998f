import pg from 'pg'
import { createFirstAdmin, type Outcome } from './first-admin'
import { migrate } from './migrate'

const PATIENCE_MS = 120_000

const SAID: Record<Outcome, (email: string) => string> = {
  made: (email) => `${email} is the first administrator`,
  there: (email) => `${email} is there already`,
  'there with another password': (email) =>
    `${email} is there already, with another password than the Secret first-admin has: who does not know it asks for ` +
    'a new one at POST /v1/password-resets',
}

/**
 * What a cluster runs before the functions of a release: every domain's database brought up to date, and the shop's
 * first administrator made. Both are safe to repeat. `<DOMAIN>_DATABASE_URL` for each domain, FIRST_ADMIN_EMAIL,
 * FIRST_ADMIN_PASSWORD; the migrations are found below the working directory.
 */
async function main({ env }: NodeJS.Process): Promise<void> {
  const urls = Object.entries(env).flatMap(([name, url]) => {
    const domain = /^([A-Z]+)_DATABASE_URL$/.exec(name)?.[1]?.toLowerCase()
    return domain !== undefined && url ? [{ domain, url }] : []
  })
  await Promise.all(urls.map(answers))
  for (const { domain, url } of urls) {
    const applied = await migrate({ url, domain, root: process.cwd() })
    console.log(`${domain}: ${applied.length > 0 ? applied.join(', ') : 'up to date'}`)
  }
  const { FIRST_ADMIN_EMAIL: email, FIRST_ADMIN_PASSWORD: password } = env
  const accounts = urls.find(({ domain }) => domain === 'accounts')
  if (!email || !password || !accounts)
    throw new Error('FIRST_ADMIN_EMAIL, FIRST_ADMIN_PASSWORD or the accounts database is missing')
  const outcome = await createFirstAdmin({ url: accounts.url, email, password })
  console.log(SAID[outcome](email))
}

/** Waits for a database that is being made by the same deploy. */
async function answers({ domain, url }: { domain: string; url: string }): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`the database of ${domain} cannot be reached`, { cause: error })
      await new Promise((resume) => setTimeout(resume, 1_000))
    }
  }
}

// A rejection ends the process with its message, which is what a job that failed should do.
void main(process)
