import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { foldersOf, portsFrom } from '../local/layout'
import { domainUrl } from '../local/services/postgres-domains'
import { addProducer } from './add-producer'

const USAGE = `usage: npm run producer -- NAME EVENT...

  NAME   what the outside system is called here, e.g. warehouse-north
  EVENT  what it may tell, e.g. platform/stock-received.v1 platform/parcel-delivered.v1

Of the shop that \`npm start\` runs here, or of the one whose platform database is at DATABASE_URL.`

/** `npm run producer`: lets an outside system tell events, and prints its credential, which is shown this once. */
async function main(): Promise<void> {
  const [name, ...events] = process.argv.slice(2)
  const unknown = events.find((path) => !existsSync(`events/${path}/event.ts`))
  if (name === undefined || events.length === 0 || unknown !== undefined) {
    console.error(unknown === undefined ? USAGE : `there is no event ${unknown} in events/`)
    process.exitCode = 1
    return
  }
  console.log(await addProducer({ url: process.env['DATABASE_URL'] ?? ofThisMachine(), name, events }))
}

function ofThisMachine(): string {
  const { postgres } = foldersOf(process.cwd(), '.kiosk')
  const file = join(postgres, 'password')
  if (!existsSync(file)) throw new Error('there is no shop here yet: npm start makes one')
  const password = readFileSync(file, 'utf8').trim()
  const { postgres: port } = portsFrom(0)
  return domainUrl(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, password, 'platform')
}

void main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException
  console.error(code === 'ECONNREFUSED' ? 'the shop does not run: npm start' : message)
  process.exitCode = 1
})
