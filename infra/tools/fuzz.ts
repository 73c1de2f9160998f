import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { OwnPlatform } from './demo/own-platform'
import { callersOf } from './fuzz/callers'
import { documentFor } from './fuzz/document'
import { INSTALL, runSchemathesis, type Outcome } from './fuzz/schemathesis'

const OWN_PORTS = 9_100
const REPORTS = '.kiosk/fuzz'
const USAGE = `usage: npm run fuzz [-- --seed=N] [-- --examples=N]

  --seed=N      which cases are made; 42 when not given
  --examples=N  how many at random for each operation, beside those that cover its schema; 50 when not given`

/**
 * `npm run fuzz`: schemathesis against a running shop of its own, as the OpenAPI document says, by every kind of caller.
 * Exit code 0 only if no answer was 5xx and every answer was as the document says.
 */
async function main(): Promise<void> {
  const wish = wishOf(process.argv.slice(2))
  if (!wish) {
    fail(USAGE)
    return
  }
  const program = process.env['SCHEMATHESIS'] ?? 'schemathesis'
  if (spawnSync(program, ['--version']).status !== 0) {
    fail(INSTALL)
    return
  }

  mkdirSync(REPORTS, { recursive: true })
  const platform = new OwnPlatform(OWN_PORTS)
  const interrupted = () => void platform.end().finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const outcomes: Outcome[] = []
  try {
    await platform.ready()
    const callers = await callersOf(platform)
    const document = await documentFor(platform, callers)
    for (const caller of callers) {
      for (const share of caller.shares) {
        const headers = await caller.headers()
        const outcome = await runSchemathesis({
          program,
          document,
          caller,
          share,
          headers,
          ...wish,
          reports: REPORTS,
        })
        outcomes.push(outcome)
        tell(outcome)
      }
    }
  } finally {
    await platform.end()
  }
  const bad = outcomes.filter(({ passed }) => !passed)
  const cases = outcomes.reduce((sum, one) => sum + one.cases, 0)
  console.log(
    `\n${cases} cases with the seed ${wish.seed}, ${bad.length === 0 ? 'all as documented' : 'not all as documented'}.`,
  )
  if (bad.length > 0) fail(bad.map(({ log }) => log).join('\n'))
}

function tell({ caller, share, cases, passed, seconds }: Outcome): void {
  const result = passed ? 'as documented' : 'FAILED'
  console.log(
    `${String(cases).padStart(7)} cases  ${caller.padEnd(10)} ${share.padEnd(12)} ${seconds.toFixed(0).padStart(4)} s  ${result}`,
  )
}

function wishOf(words: string[]): { seed: number; examples: number } | undefined {
  const wish = { seed: 42, examples: 50 }
  for (const word of words) {
    const [, name, value] = /^--(seed|examples)=(\d{1,9})$/.exec(word) ?? []
    if (name !== 'seed' && name !== 'examples') return undefined
    wish[name] = Number(value)
  }
  return wish
}

function fail(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

void main().catch((error: unknown) => fail((error as Error).message))
