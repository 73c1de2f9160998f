import { urlOfRunning } from './backup/server'
import type { LocalFolders } from './layout'
import { runningPlatform } from './running'
import { domainUrl } from './services/postgres-domains'

/**
 * The connection string of a domain's database on the platform that runs on this state now, on whatever ports it was started:
 * its Postgres has written down where it listens. Rejects with a sentence when none runs.
 */
export async function databaseOfRunning(folders: LocalFolders, domain: string): Promise<string> {
  if (!runningPlatform(folders)) throw new Error('The shop does not run: npm start.')
  const adminUrl = await urlOfRunning(folders.postgres)
  return domainUrl(adminUrl, new URL(adminUrl).password, domain)
}
