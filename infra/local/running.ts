import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalFolders } from './layout'
import { isRunning, type ProcessIdentity } from './processes/process-records'

/** The platform that runs on this state now, if one does. */
export function runningPlatform({ run }: Pick<LocalFolders, 'run'>): ProcessIdentity | undefined {
  try {
    const record = JSON.parse(readFileSync(join(run, 'platform.json'), 'utf8')) as ProcessIdentity
    return isRunning(record) ? record : undefined
  } catch {
    return undefined
  }
}
