import { existsSync } from 'node:fs'
import { addProducer } from './add-producer'

const USAGE = `usage: DATABASE_URL=<the platform database> node dist/infra/tools/add-producer-process.cjs <name> <event>...

  <name>   what the outside system is called here, e.g. warehouse-north
  <event>  what it may tell, e.g. platform/stock-received.v1`

/** Adds a producer and prints its credential, which is shown this once. */
async function main(): Promise<void> {
  const [name, ...events] = process.argv.slice(2)
  const url = process.env['DATABASE_URL']
  const unknown = events.find((path) => !existsSync(`events/${path}/event.ts`))
  if (name === undefined || events.length === 0 || !url || unknown !== undefined) {
    console.error(unknown === undefined ? USAGE : `there is no event ${unknown} in events/`)
    process.exitCode = 1
    return
  }
  console.log(await addProducer({ url, name, events }))
}

void main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exitCode = 1
})
