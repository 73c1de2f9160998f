import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { BenchPlatform } from './bench/bench-platform'
import { measureBundles } from './bench/bundle-sizes'
import { measureCatalogue } from './bench/catalogue'
import { measureColdOrder } from './bench/cold-order'
import { measureColdStart } from './bench/cold-start'
import { measureIdleMemory, serversAloneMb } from './bench/idle-memory'
import { Leftovers } from './bench/leftovers'
import { measureRoundTrips } from './bench/round-trips'
import { isMissing, type Line, type Row } from './bench/row'
import { measureScaleFromZero } from './bench/scale-from-zero'
import { measureStartUp } from './bench/start-up'
import { plainOf, tableOf } from './bench/table'
import { measureThroughput } from './bench/throughput'
import { measureWarmOrder } from './bench/warm-order'

const USAGE = `usage: npm run bench [-- --json=FILE] [-- --cluster | --catalogue]

  --json=FILE  write the same numbers there as JSON
  --cluster    measure the shop on the cluster of the current kubectl context, at GATEWAY_URL, instead
  --catalogue  measure searches among 100,000 products instead`

/**
 * `npm run bench`: measures Kiosk on this machine beside what the machine could do at best, and prints a table. A value
 * over its target is no failure; the exit code is 1 only if something could not be measured. See docs/benchmarks.md.
 */
async function main(): Promise<void> {
  const words = process.argv.slice(2)
  const [instead] = words.flatMap((word) => INSTEAD[word] ?? [])
  const json = words.map((word) => /^--json=(.+)$/.exec(word)?.[1]).find((file) => file !== undefined)
  if (words.length > (json ? 1 : 0) + (instead ? 1 : 0)) {
    console.error(USAGE)
    process.exitCode = 2
    return
  }
  const left = new Leftovers()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void left.interrupt().finally(() => process.exit(130)))
  }
  const lines: Line[] = []
  try {
    await (instead ?? measureAll)(left, lines)
  } finally {
    await left.clear()
  }
  console.log(`\n${availableParallelism()} processors, Node.js ${process.versions.node}\n\n${tableOf(lines)}`)
  if (json) {
    const machine = { processors: availableParallelism(), node: process.versions.node }
    writeFileSync(json, `${JSON.stringify({ ...machine, rows: plainOf(lines) }, null, 2)}\n`)
  }
  if (lines.some(isMissing)) process.exitCode = 1
}

/** Adds the rows of a measurement, or why there are none. */
const adding = (lines: Line[]) => async (what: string, measure: () => Row[] | Promise<Row[]>) => {
  console.error(`measuring: ${what}`)
  try {
    lines.push(...(await measure()))
  } catch (error) {
    lines.push({ what, error: (error as Error).message })
  }
}

async function measureCluster(left: Leftovers, lines: Line[]): Promise<void> {
  await adding(lines)('scale from zero', () => {
    const { GATEWAY_URL } = process.env
    if (!GATEWAY_URL) throw new Error('GATEWAY_URL is not set: say where the ingress of the cluster answers')
    return measureScaleFromZero(GATEWAY_URL, left)
  })
}

async function measureSearches(left: Leftovers, lines: Line[]): Promise<void> {
  await adding(lines)('searches', async () => {
    const platform = new BenchPlatform(left)
    await platform.start()
    return measureCatalogue(platform, left)
  })
}

const INSTEAD: Record<string, typeof measureAll> = {
  '--cluster': measureCluster,
  '--catalogue': measureSearches,
}

async function measureAll(left: Leftovers, lines: Line[]): Promise<void> {
  const rows = adding(lines)
  const once = <T>(find: () => Promise<T>) => {
    let found: Promise<T> | undefined
    return () => (found ??= find())
  }

  await rows('bundles', measureBundles)
  let platform: BenchPlatform | undefined
  await rows('start-up', async () => {
    const started = await measureStartUp(left)
    platform = started.platform
    return started.rows
  })
  const shop = () => {
    if (!platform) throw new Error('the platform could not be started')
    return platform
  }
  const aloneMb = await serversAloneMb(left).catch((error: unknown) => error as Error)
  const customer = once(async () => {
    await shop().start()
    return shop().shop.customer()
  })
  await rows('order to mail, cold', async () => measureColdOrder(shop(), await customer(), left))
  await rows('order to mail, warm', async () => measureWarmOrder(shop(), await customer(), left))
  await rows('cold start', () => measureColdStart(shop().placeOrderEnvironment(), left))
  await rows('idle memory', async () => {
    await customer()
    if (aloneMb instanceof Error) throw aloneMb
    return measureIdleMemory(shop(), aloneMb)
  })
  await rows('round trips', async () => measureRoundTrips(shop(), await customer(), left))
  await rows('orders per second', async () => measureThroughput(shop(), await customer(), left))
}

void main()
