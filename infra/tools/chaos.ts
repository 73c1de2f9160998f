import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AttackedPlatform } from './chaos/attacked-platform'
import { readBooks } from './chaos/books'
import { crowdOf, customers } from './chaos/crowd'
import { attack, lineOf, type Done } from './chaos/faults'
import { figuresOf, type Figures } from './chaos/figures'
import { Goods } from './chaos/goods'
import { optionsOf, USAGE, type ChaosOptions } from './chaos/options'
import { planned, planOf } from './chaos/plan'
import { pageOf } from './chaos/report'
import { comesToRest } from './chaos/rest'

const BUYERS_PER_ORDER_A_SECOND = 5
const TOKEN_LASTS_MS = 10 * 60_000
const REST_WITHIN_MS = 360_000
/** Past the deadline of an order that nobody pays. */
const EXPIRY_MS = 25 * 3_600_000

/**
 * `npm run chaos`: customers buy from a shop of its own while its functions, its broker, its data services and the payment
 * gateway are killed, paused, slowed and cut off as a seed says; then everybody's books are compared. Exit code 0 only if
 * they agree and every order is at an end. See docs/chaos.md.
 */
async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  if (!options) {
    console.error(USAGE)
    process.exitCode = 2
    return
  }
  const state = mkdtempSync(join(tmpdir(), 'kiosk-chaos-'))
  const platform = new AttackedPlatform(state, options.ports)
  const interrupted = () => void platform.end().finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  let isSound = false
  try {
    const figures = await run(platform, options)
    writeFileSync(join(state, 'chaos.json'), `${JSON.stringify(figures, null, 2)}\n`)
    console.log(pageOf(figures))
    isSound = figures.violations.length === 0
  } finally {
    await platform.end()
    if (isSound && !options.keep) platform.forget()
    else console.log(whereToLook(state, options))
    if (!isSound) process.exitCode = 1
  }
}

async function run(platform: AttackedPlatform, options: ChaosOptions): Promise<Figures> {
  const { seed, rate, faults, minutes } = options
  const lengthMs = minutes * 60_000
  const plan = planOf(seed, faults, lengthMs)
  say(`a shop of its own in ${platform.state}, the seed is ${seed}`)
  await platform.start()
  const goods = new Goods(platform.shop, staffOf(platform))
  await goods.putOnSale()
  const accounts = await customers(platform, Math.max(8, Math.ceil(rate * BUYERS_PER_ORDER_A_SECOND)))
  say(
    `${accounts.length} customers buy for ${minutes} minutes, ${plan.length} things break: ${planned(plan)}`,
  )

  const began = performance.now()
  const crowd = crowdOf(platform, goods, accounts, { seed, perSecond: rate })
  const at = () => `${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  `
  const told = (one: Done) => say(`${at()}${lineOf(one)} (${crowd.begun()} orders begun)`)
  const [done] = await Promise.all([attack(platform, plan, told), pause(lengthMs)])
  await crowd.leaves()
  const loadMs = performance.now() - began
  say(`${at()}everybody has an answer; waiting for rest`)
  const first = await comesToRest(platform, REST_WITHIN_MS)
  say(`${at()}at rest; the day ends for those who have not paid`)
  platform.moveClock(EXPIRY_MS)
  const rests = [first, await comesToRest(platform, REST_WITHIN_MS)]
  const books = await readBooks(platform, goods, crowd.tried)
  return figuresOf({ seed, loadMs, books, done, rests, tried: crowd.tried })
}

/** An administrator's token, a fresh one when it gets old. */
function staffOf(platform: AttackedPlatform): () => Promise<string> {
  let known: { token: string; at: number } | undefined
  return async () => {
    if (!known || Date.now() - known.at > TOKEN_LASTS_MS)
      known = { token: await platform.admin(), at: Date.now() }
    return known.token
  }
}

const whereToLook = (state: string, { seed, minutes, faults, rate }: ChaosOptions) => `
Everything is kept in ${state}:
  chaos.json     the same figures
  platform.log   what the platform and its brokers said
  logs/          what each function said
  npm start -- --state=${state} --clock=movable   brings the shop up again, to ask it about an order
  npm run chaos -- --seed=${seed} --minutes=${minutes} --faults=${faults} --rate=${rate}   does the same again`

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`)

void main()
  .catch((error: unknown) => {
    console.error(`\nChaos could not go on: ${(error as Error).message}`)
    process.exitCode = 1
  })
  // Customers of a run that could not go on would ask for ever.
  .finally(() => process.exit())
