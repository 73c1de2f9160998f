import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { FuzzedDocument } from './document'

/** The version whose seeds and numbers are written down in docs/api.md. */
const VERSION = '4.32.5'

export const INSTALL = `schemathesis is not installed. It is a Python program:

  python3 -m venv /tmp/schemathesis && /tmp/schemathesis/bin/pip install schemathesis==${VERSION}
  SCHEMATHESIS=/tmp/schemathesis/bin/schemathesis npm run fuzz`

/**
 * What is not asked. That data which fits the schema is taken: a shop may refuse it for reasons that no schema says (an
 * unknown SKU is 422). That what a DELETE took away is gone: a cart without an item can be asked to drop it again.
 */
const LEFT_OUT = ['positive_data_acceptance', 'use_after_free', 'ensure_resource_availability']

/** A part of the operations for one caller: those of a domain, or some by name. */
export interface Share {
  name: string
  options: string[]
}

interface Run {
  program: string
  document: FuzzedDocument
  caller: { name: string }
  share: Share
  headers: string[]
  seed: number
  examples: number
  /** Where logs go. */
  reports: string
}

/** What came of one run; its log says what failed, and how to send it again. */
export interface Outcome {
  caller: string
  share: string
  cases: number
  seconds: number
  passed: boolean
  log: string
}

/** Runs schemathesis over some operations, with all of its checks but those left out. Its log is kept. */
export async function runSchemathesis(run: Run): Promise<Outcome> {
  const { program, document, caller, share, headers, seed, examples, reports } = run
  const log = join(reports, `${caller.name}-${share.name}.log`)
  const words = ['run', document.file, '--url', document.url, '--seed', String(seed)]
  words.push('--max-examples', String(examples), '--phases', 'examples,coverage,fuzzing')
  words.push('--checks', 'all', '--exclude-checks', LEFT_OUT.join(','), '--continue-on-failure')
  words.push('--generation-with-security-parameters', 'false', '--generation-database', 'none')
  words.push('--warnings', 'off', '--no-color', '--request-timeout', '30', ...share.options)
  words.push(...headers.flatMap((header) => ['--header', header]))

  const began = performance.now()
  const output = createWriteStream(log)
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  const [code] = (await once(child, 'close')) as [number | null]
  output.end()
  await finished(output)
  const cases = Number(/^ {2}(\d+) generated/m.exec(readFileSync(log, 'utf8'))?.[1] ?? 0)
  const seconds = (performance.now() - began) / 1000
  return { caller: caller.name, share: share.name, cases, seconds, passed: code === 0 && cases > 0, log }
}
