import { resolve } from 'node:path'
import { foldersOf } from './layout'
import { stopLeftovers, stopProcess } from './processes/process-records'
import { runningPlatform } from './running'

const PATIENCE_MS = 60_000

/** `npm stop`: ends the platform of this checkout as Ctrl-C would, and what a killed one left running. */
async function main(): Promise<void> {
  const state = process.argv.find((word) => word.startsWith('--state='))?.slice(8) ?? '.kiosk'
  const folders = foldersOf(process.cwd(), resolve(state))
  const platform = runningPlatform(folders)
  if (platform) await stopProcess(platform, 'SIGTERM', PATIENCE_MS)
  const left = await stopLeftovers(folders.run)
  console.log(platform || left.length > 0 ? 'Kiosk is stopped.' : 'Kiosk does not run.')
}

void main()
