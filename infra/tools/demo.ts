import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Shop, until } from './client'
import { seconds } from './demo/narration'
import { OwnPlatform } from './demo/own-platform'
import { purchase } from './demo/purchase'
import { wholeStory } from './demo/whole-story'

const GIVEN = process.env['GATEWAY_URL']
const GATEWAY = GIVEN ?? 'http://localhost:8080'
const MAILBOX = process.env['MAILBOX_URL'] ?? 'http://localhost:1080'
const OWN_PORTS = 8_000

/**
 * `npm run demo`: one purchase, narrated; with `-- --full` all that happens in a shop, on a platform of the demo's own
 * whose clock it moves. Exit code 0 only if all of it happened.
 */
async function main(): Promise<void> {
  try {
    await (process.argv.includes('--full') ? full() : short())
  } catch (error) {
    console.error(`\nThe demo stopped: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

async function short(): Promise<void> {
  let stop = () => Promise.resolve()
  try {
    stop = await running()
    const started = performance.now()
    await purchase(new Shop(GATEWAY, MAILBOX))
    console.log(`\nBought, paid and confirmed in ${seconds(performance.now() - started)}.`)
  } finally {
    await stop()
  }
}

async function full(): Promise<void> {
  console.log('Starting a shop of its own, with a clock that can be moved.')
  const platform = new OwnPlatform(OWN_PORTS, ['--clock=movable'])
  const interrupted = () => void platform.end().finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    await platform.ready()
    const started = performance.now()
    await wholeStory(platform)
    console.log(`\nAll of it happened, in ${seconds(performance.now() - started)}.`)
  } finally {
    await platform.end()
  }
}

/** Starts the embedded platform if no shop answers where one would be; answers how to stop what it started. */
async function running(): Promise<() => Promise<void>> {
  if (await answers()) return () => Promise.resolve()
  if (GIVEN !== undefined) throw new Error(`no shop answers at GATEWAY_URL, which is ${GIVEN}`)
  console.log('No shop answers yet: starting one.\n')
  const platform = spawn(process.execPath, ['dist/infra/local/start.cjs'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const gone = once(platform, 'exit')
  const ended = gone.then(() => {
    throw new Error('the platform stopped before it was ready')
  })
  const ready = until('the shop to be ready', 120_000, async () => ((await answers()) ? true : undefined))
  await Promise.race([ready, ended])
  ended.catch(() => undefined)
  return async () => {
    platform.kill('SIGTERM')
    await gone
  }
}

const answers = () =>
  fetch(new URL('/v1/services/health', GATEWAY)).then(
    ({ ok }) => ok,
    () => false,
  )

void main()
