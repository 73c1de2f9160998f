import { execFile } from 'node:child_process'

const SEED = 11
const KINDS = ['kill', 'pause', 'slow', 'cut', 'refuse', 'lose']

/** The tool of docs/chaos.md, for a few seconds: that it can do all that it does for minutes. */
describe('npm run chaos', () => {
  let code: number | null
  let said: string

  beforeAll(async () => {
    const words = [`--seed=${SEED}`, '--minutes=0.35', '--faults=9', '--rate=5', '--ports=+2700']
    const ended = new Promise<void>((resolve) => {
      const child = execFile(
        process.execPath,
        ['dist/infra/tools/chaos.cjs', ...words],
        (_, stdout, stderr) => {
          code = child.exitCode
          said = stdout + stderr
          resolve()
        },
      )
    })
    await ended
  }, 480_000)

  test('finds nothing wrong after functions, broker, data services and the gateway broke', () => {
    expect(said).toContain('No violation')
    expect(code).toBe(0)
  })

  test.each(KINDS)('has done something of the kind "%s"', (kind) => {
    expect(said).toMatch(new RegExp(`\\d+ × ${kind} `))
  })

  test('has brought orders to an end meanwhile', () => {
    const orders = /orders +(\d+) in /.exec(said)?.[1]

    expect(Number(orders)).toBeGreaterThan(20)
  })
})
