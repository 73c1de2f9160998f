import { writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import '../support/quiet'
import { startTestServers } from '../support/test-servers'
import { SABOTAGES } from './sabotage'
import { search, type Totals } from './search'
import { openShops } from './shop'
import { shrunk, storyOf } from './shrink'

const SHOPS = 8
const EVERY_MS = 10_000

const say = (line: string) => void writeSync(1, `${line}\n`)

/** Tries seed after seed; the first that fails is shrunk and told, and ends it. Answers the exit status. */
async function main(): Promise<number> {
  const { seed, seeds, from, without } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      without: { type: 'string' },
    },
  }).values
  const first = Number(seed ?? from)
  const last = seed === undefined ? first + Number(seeds) - 1 : first
  if (without !== undefined && !(without in SABOTAGES)) {
    say(`--without takes one of ${Object.keys(SABOTAGES).join(', ')}`)
    return 2
  }
  const sabotage = without === undefined ? undefined : SABOTAGES[without]
  const servers = await startTestServers(process.cwd())
  const { shops, close } = await openShops(servers.postgresUrl, seed === undefined ? SHOPS : 1, sabotage)
  const started = performance.now()
  let said = started
  try {
    const { totals, found } = await search(shops, { first, last }, (soFar) => {
      if (performance.now() - said < EVERY_MS) return
      said = performance.now()
      say(summaryOf(soFar, said - started))
    })
    say(
      `${summaryOf(totals, performance.now() - started)}, ${found?.failing.violations.length ?? 0} violations`,
    )
    if (!found) return 0

    const { plan, violations } = found.failing
    say(`seed ${plan.seed} fails: ${violations.join('; ')}`)
    say(storyOf(await shrunk(found.shop, found.failing), without))
    return 1
  } finally {
    await close()
    await servers.stop()
  }
}

function summaryOf({ schedules, deliveries, invocations, steps, kills }: Totals, ms: number): string {
  const done = `${schedules} schedules, ${deliveries} deliveries, ${invocations} invocations, ${steps} steps, ${kills} crashes`
  return `${done} in ${(ms / 1000).toFixed(0)} s (${((schedules / ms) * 1000).toFixed(1)} a second)`
}

void main().then((status) => (process.exitCode = status))
