import { resolve } from 'node:path'
import { foldersOf } from '../local/layout'
import { databaseOfRunning } from '../local/running-database'
import { addProducer } from './add-producer'

const USAGE = `usage: npm run producer -- NAME EVENT... [--state=FOLDER]

  NAME            what the outside system is called here, e.g. warehouse-north
  EVENT           what it may tell, e.g. platform/stock-received.v1 platform/parcel-delivered.v1
  --state=FOLDER  of the shop that runs here, on whatever ports; .kiosk/ when not given

Of the shop that \`npm start\` runs here, or of the one whose platform database is at DATABASE_URL.`

/** `npm run producer`: lets an outside system tell events, and prints its credential, which is shown this once. */
async function main(): Promise<void> {
  const words = process.argv.slice(2)
  const state = words.find((word) => word.startsWith('--state='))?.slice(8) ?? '.kiosk'
  const [name, ...events] = words.filter((word) => !word.startsWith('--state='))
  if (name === undefined || events.length === 0) {
    console.error(USAGE)
    process.exitCode = 1
    return
  }
  const folders = foldersOf(process.cwd(), resolve(state))
  const url = process.env['DATABASE_URL'] ?? (await databaseOfRunning(folders, 'platform'))
  console.log(await addProducer({ url, name, events }))
}

void main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exitCode = 1
})
