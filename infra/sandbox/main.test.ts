import { buildSync } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { until } from '#support/payments'
import { ownPorts } from '#support/ports'

describe('the sandbox as a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-sandbox-'))
  const program = join(folder, 'main.cjs')
  let url: string
  let port: number

  beforeAll(async () => {
    buildSync({
      ...{ entryPoints: [resolve(__dirname, 'main.ts')], outfile: program },
      ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
    })
    port = (await ownPorts(1))[0]!
    url = `http://127.0.0.1:${port}`
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const start = async () => {
    const env = {
      ...{ PORT: String(port), SANDBOX_FOLDER: join(folder, 'data'), PAYMENT_GATEWAY_KEY: 'key' },
      ...{ PAYMENT_GATEWAY_NOTICE_SECRET: 'secret', SANDBOX_NOTICE_URL: 'http://127.0.0.1:9' },
    }
    const child = spawn(process.execPath, [program], { env, stdio: 'ignore' })
    await until(() => fetch(`${url}/health`).then(...answered))
    return child
  }
  const ask = async (method: string, path: string, nth?: number) => {
    const key = nth === undefined ? {} : { 'idempotency-key': `k${nth}` }
    const wish = { amount: 1, currency: 'EUR', paymentMethod: 'pm_approve', reference: `r${nth}` }
    const response = await fetch(url + path, {
      method,
      headers: { authorization: 'Bearer key', ...key },
      ...(nth !== undefined && { body: JSON.stringify(wish) }),
    })
    return (await response.json()) as Record<string, unknown>
  }

  test('keeps every charge that it told of when it is killed in the middle of many', async () => {
    const told = new Map<number, unknown>()
    const first = await start()

    const asked = Array.from({ length: 20 }, async (_, asker) => {
      for (let nth = asker; nth < 300; nth += 20) {
        told.set(nth, (await ask('POST', '/v1/charges', nth))['id'])
        if (told.size === 30) first.kill('SIGKILL')
      }
    })
    await Promise.allSettled(asked)
    const second = await start()
    const repeated = new Map<number, unknown>()
    for (const nth of told.keys()) repeated.set(nth, (await ask('POST', '/v1/charges', nth))['id'])
    const { captured } = await ask('GET', '/v1/totals')
    const { total } = await ask('GET', '/v1/charges')
    second.kill('SIGTERM')
    const [code] = (await once(second, 'exit')) as [number | null]

    expect(told.size).toBeGreaterThanOrEqual(30)
    expect(told.size).toBeLessThan(300)
    expect(repeated).toEqual(told)
    expect([captured, code]).toEqual([total, 0])
  })
})

const answered = [() => true, () => false] as const
