import { spawnSync } from 'node:child_process'

/** Everything that the linter of .config/redocly.yaml finds in a document, as `rule: message at pointer`. */
export function lint(file: string): string[] {
  const args = ['--no-install', 'redocly', 'lint', '--config', '.config/redocly.yaml', '--format=json', file]
  const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const { stdout, stderr } = spawnSync('npx', args, {
    encoding: 'utf8',
    env: { ...process.env, ...quiet },
    maxBuffer: 64 * 1_048_576,
  })
  if (!stdout.startsWith('{')) throw new Error(`the linter did not run: ${stdout}${stderr}`)
  const { problems } = JSON.parse(stdout) as { problems: Found[] }
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`)
}

interface Found {
  ruleId: string
  message: string
  location: { pointer: string }[]
}
