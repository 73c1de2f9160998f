import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ServerUser } from './postgres-binaries'

const run = promisify(execFile)

/**
 * Sees to it that the data folder, if there is one, belongs to the user that the server runs as and is closed to others:
 * a copied folder often does not, and Postgres then refuses to start. Root mends it; anyone else is told how to.
 */
export async function ownData(data: string, { uid }: ServerUser): Promise<void> {
  if (!existsSync(data)) return
  const wanted = uid ?? process.getuid?.()
  const { uid: owner, mode } = await stat(data)
  if (wanted !== undefined && owner !== wanted) {
    if (uid === undefined) {
      throw new Error(
        `The databases in ${data} belong to user ${owner} and not to you: run "sudo chown -R ${wanted} ${data}", ` +
          'then start again, no data is lost.',
      )
    }
    if (existsSync(join(data, 'PG_VERSION'))) await run('chown', ['-Rh', `${wanted}:${wanted}`, '--', data])
  }
  // Postgres starts with 0700 or 0750 only.
  if (process.platform !== 'win32' && (mode & 0o027) !== 0) await chmod(data, 0o700)
}
