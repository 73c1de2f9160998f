import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onSale } from '#support/installation'
import { RunningPlatform, wish } from '#support/platform'
import { violationsIn, type Range } from '../../functions/platform/audit-shop/compare'
import { rowsOf } from '../../infra/local/rows'
import { until, type Order } from '../../infra/tools/client'

const PRICE = 450

/** One day at a shop: a backup while it sells, more business, a lost disk, and the backup put back. */
describe('a shop that is restored from a backup', () => {
  const platform = new RunningPlatform(600)
  const { shop } = platform
  const file = join(platform.state, 'monday.tar.gz')
  let ada: { email: string; token: string }
  let sku: string

  beforeAll(async () => {
    await platform.start()
    ada = await shop.customer('Ada')
    sku = await onSale(shop, await platform.admin(), PRICE, 500)
  }, 300_000)
  afterAll(() => platform.end(), 120_000)

  const tool = async (name: 'backup' | 'restore', ...words: string[]) => {
    const args = [`dist/infra/local/${name}.cjs`, ...words, `--state=${platform.state}`]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()))
    const [status] = (await once(child, 'close')) as [number]
    return { status, output }
  }
  const restore = (...words: string[]) => tool('restore', ...words, `--ports=+${platform.offset}`)
  const order = async (method?: string) => {
    const options = { token: ada.token, key: randomUUID() }
    const { body } = await shop.expect<Order>(201, 'POST /v1/orders', wish(sku, 1, PRICE, method), options)
    return body.orderId
  }
  const statusOf = async (id: string) => {
    const { status, body } = await shop.call<Order>(`GET /v1/orders/${id}`, undefined, { token: ada.token })
    return status === 200 ? `${body.status}, ${body.payment.status}` : status
  }
  const becomes = (id: string, wanted: string) =>
    until(`order ${id} to be ${wanted}`, 180_000, async () => (await statusOf(id)) === wanted || undefined)
  const buy = async (method = 'pm_approve') => {
    const id = await order(method)
    await becomes(id, 'confirmed, captured')
    return id
  }
  const cancel = async (id: string) => {
    await shop.expect(202, `POST /v1/orders/${id}/cancellation`, { reason: 'No.' }, { token: ada.token })
    await becomes(id, 'cancelled, refunded')
  }
  const pay = (id: string) =>
    shop.expect(
      202,
      `POST /v1/orders/${id}/payment`,
      { paymentMethod: 'pm_approve' },
      { token: ada.token, key: randomUUID() },
    )
  const atGateway = async () => {
    const { gatewayKey } = JSON.parse(readFileSync(join(platform.state, 'secrets.json'), 'utf8')) as {
      gatewayKey: string
    }
    const response = await fetch(`http://127.0.0.1:${8092 + platform.offset}/v1/totals`, {
      headers: { authorization: `Bearer ${gatewayKey}` },
    })
    const { captured, refunded } = (await response.json()) as { captured: number; refunded: number }
    return captured - refunded
  }
  /** What the auditor asks the domains, as if everything had come to rest long ago. */
  const figures = async () => {
    const later = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString())
    const of = async (domain: string) => {
      const home = `http://127.0.0.1:${8082 + platform.offset}/function/report-${domain}-figures`
      const limit = domain === 'orders' ? '&limit=1000' : ''
      const response = await fetch(`${home}/v1/figures/orders?settledBefore=${later}${limit}`)
      return response.json() as Promise<object>
    }
    const [orders, stock, payments] = await Promise.all(['orders', 'stock', 'payments'].map(of))
    return { orders, stock, payments } as Range
  }

  test('is as it was at one moment, and what the gateway knows better is put right', async () => {
    const [unpaid, bought] = [await order(), await buy()]
    await becomes(unpaid, 'awaiting-payment, awaited')
    const early: string[] = []
    const selling = { on: true }
    const sell = async () => {
      while (selling.on) early.push(await order('pm_approve'))
    }
    const load = Promise.all([sell(), sell(), sell()])
    await until('some orders', 180_000, () => Promise.resolve(early.length > 5 || undefined))

    const taken = await tool('backup', file)
    const known = early.length
    await until('more orders', 180_000, () => Promise.resolve(early.length > known + 10 || undefined))
    selling.on = false
    await load

    expect(taken).toMatchObject({
      status: 0,
      output: expect.stringContaining('every domain as of') as string,
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.part`)).toBe(false)
    expect((await tool('backup', file)).output).toMatch(/is there already/)

    await pay(unpaid)
    await becomes(unpaid, 'confirmed, captured')
    await cancel(bought)
    const lost = [await buy(), await buy('pm_notice'), await buy()]
    await cancel(lost[2]!)
    for (const id of early) await becomes(id, 'confirmed, captured')

    const running = await restore(file, '--replace')
    expect(running).toMatchObject({
      status: 1,
      output: expect.stringMatching(/Kiosk runs .*npm stop/) as string,
    })
    await platform.kill('SIGINT')
    expect(await restore(file)).toMatchObject({
      status: 1,
      output: expect.stringMatching(/There is a shop .*--replace/) as string,
    })

    const restored = await restore(file, '--replace')
    expect(restored).toMatchObject({
      status: 0,
      output: expect.stringContaining('The audit finds nothing') as string,
    })
    expect(restored.output).toMatch(/[1-9]\d* events of the week before were sent again/)
    expect(restored.output).toMatch(/[1-9]\d* charges? \(.*\) of orders that are lost/)
    expect(restored.output).not.toContain('still on its way')

    await platform.start()
    expect(await statusOf(unpaid)).toBe('confirmed, captured')
    expect(await statusOf(bought)).toBe('cancelled, refunded')
    expect(await Promise.all(lost.map(statusOf))).toEqual([404, 404, 404])
    const statuses = await Promise.all(early.map(statusOf))
    expect(new Set(statuses)).toEqual(new Set(['confirmed, captured', 404]))
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill('confirmed, captured'))

    const found = await figures()
    const kept = found.orders.items.reduce((sum, { kept }) => sum + kept, 0)
    const confirmed = found.orders.items.filter(({ status }) => status === 'confirmed')
    expect(violationsIn(found)).toEqual([])
    expect([kept, await atGateway()]).toEqual([confirmed.length * PRICE, confirmed.length * PRICE])
    expect((await platform.console()).deadLetters).toEqual([])
    await buy()
    expect(await atGateway()).toBe((confirmed.length + 1) * PRICE)
  }, 1_200_000)

  test('is not restored from a backup that is cut short or altered, and nothing is changed', async () => {
    await platform.kill('SIGINT')
    const bad = `${file}.bad`
    const refused = async () => {
      const { status, output } = await restore(bad, '--replace')
      return { status, said: /cannot be restored .*nothing was changed/.test(output) }
    }

    for (const share of [0.5, 0.999]) {
      copyFileSync(file, bad)
      truncateSync(bad, Math.floor(statSync(file).size * share))
      expect(await refused()).toEqual({ status: 1, said: true })
    }
    const bytes = readFileSync(file)
    bytes[Math.floor(bytes.length / 3)]! ^= 1
    writeFileSync(bad, bytes)
    expect(await refused()).toEqual({ status: 1, said: true })
    writeFileSync(bad, 'no backup')
    expect(await refused()).toEqual({ status: 1, said: true })

    expect(existsSync(join(platform.state, 'restoring'))).toBe(false)
    await platform.start()
    expect((await figures()).orders.items.length).toBeGreaterThan(5)
  }, 420_000)

  test('can be copied while it is stopped too, and a restore that is killed is finished by the next start', async () => {
    const bought = await buy()
    await platform.kill('SIGINT')
    const cold = join(platform.state, 'cold.tar.gz')

    expect((await tool('backup', cold)).status).toBe(0)
    const elsewhere = new RunningPlatform(platform.offset)
    const args = [`--state=${elsewhere.state}`, `--ports=+${platform.offset}`]
    const child = spawn(process.execPath, ['dist/infra/local/restore.cjs', cold, ...args])
    for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
      if (bytes.toString().includes('Put back')) child.kill('SIGKILL')
    }
    await elsewhere.start()
    await until('the comparison to be done', 240_000, async () => {
      const password = readFileSync(join(elsewhere.state, 'postgres/password'), 'utf8').trim()
      const url = `postgres://postgres:${password}@127.0.0.1:${15432 + platform.offset}/payments`
      const [row] = await rowsOf<{ state: string }>(url, 'select state from reconciliations')
      return row?.state === 'done' || undefined
    })

    expect(child.signalCode).toBe('SIGKILL')
    expect(await statusOf(bought)).toBe('confirmed, captured')
    await elsewhere.end()
  }, 600_000)
})
