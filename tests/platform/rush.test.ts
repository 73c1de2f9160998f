import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openSigner } from '../../functions/accounts/token'
import { insist } from '../../infra/tools/chaos/insist'
import { until, type Order } from '../../infra/tools/client'
import { domainUrl } from '../../infra/local/services/postgres-domains'
import { onSale } from '#support/installation'
import { RunningPlatform, wish } from '#support/platform'

const BUYERS = 500
const TINS = 10
const REPEATED = 20
const TIMES = 3
const PRICE = 1200

/** Longer than the last of so many waits for its turn on a small machine. */
const PATIENCE_MS = 180_000

/** Many who want the same few things at the same moment, some of them asking again before they are answered. */
describe('500 buyers of 10 tins at the same moment, 20 of their keys repeated', () => {
  const platform = new RunningPlatform(300)
  const { shop } = platform
  let admin: string
  let sku: string
  /** By key, the answers to each of its requests. */
  let answers: Map<string, { status: number; body: Order }[]>

  beforeAll(async () => {
    await platform.start()
    admin = await platform.admin()
    sku = await onSale(shop, admin, PRICE, TINS)
    const buyers = await known(BUYERS)

    const asked = buyers.map(async (token, nth): Promise<[string, { status: number; body: Order }[]]> => {
      const key = randomUUID()
      const order = () =>
        insist<Order>(shop, 'POST /v1/orders', wish(sku, 1, PRICE, 'pm_approve'), { token, key }, PATIENCE_MS)
      const times = nth % (BUYERS / REPEATED) === 0 ? TIMES : 1
      return [key, await Promise.all(Array.from({ length: times }, order))]
    })
    answers = new Map(await Promise.all(asked))
    await until('every order to be at its end', 300_000, async () => {
      const open = (await ordersAt('pending')) + (await ordersAt('awaiting-payment'))
      return open === 0 || undefined
    })
  }, 720_000)
  afterAll(() => platform.end(), 120_000)

  /** People whose address mail knows, as if they had registered, and a token for each: no password is hashed 500 times. */
  async function known(count: number): Promise<string[]> {
    const { accessTokenKey } = JSON.parse(readFileSync(join(platform.state, 'secrets.json'), 'utf8')) as {
      accessTokenKey: object
    }
    const sign = openSigner({ ACCESS_TOKEN_KEY: JSON.stringify(accessTokenKey) })
    const ids = Array.from({ length: count }, () => randomUUID())
    const mail = new pg.Client({ connectionString: databaseUrl('mail') })
    await mail.connect()
    await mail.query(
      `insert into recipients (account_id, email, name, registered_at)
       select id, id || '@kiosk.example', 'Buyer', now() from unnest($1::text[]) as id`,
      [ids],
    )
    await mail.end()
    return Promise.all(
      ids.map((accountId) =>
        sign({ accountId, role: 'customer', sessionId: randomUUID(), tokenId: randomUUID() }, new Date()),
      ),
    )
  }

  function databaseUrl(domain: string): string {
    const password = readFileSync(join(platform.state, 'postgres/password'), 'utf8').trim()
    const server = `postgres://postgres:${password}@127.0.0.1:${15_432 + platform.offset}/postgres`
    return domainUrl(server, password, domain)
  }

  const ordersAt = async (status: string) => {
    const route = `GET /v1/orders?status=${status}&pageSize=100`
    const { body } = await shop.expect<{ total: number; items: Order[] }>(200, route, undefined, {
      token: admin,
    })
    return body.total
  }
  const confirmed = async () => {
    const route = 'GET /v1/orders?status=confirmed&pageSize=100'
    const { body } = await shop.expect<{ items: Order[] }>(200, route, undefined, { token: admin })
    return body.items
  }

  test('answers every key with one order, however often it is sent', () => {
    const all = [...answers.values()]
    expect(all.filter(({ length }) => length > 1)).toHaveLength(REPEATED)
    expect(all.flat().every(({ status }) => status === 201)).toBe(true)

    expect(all.filter((of) => new Set(of.map(({ body }) => JSON.stringify(body))).size !== 1)).toEqual([])
    expect(new Set(all.flat().map(({ body }) => body.orderId)).size).toBe(BUYERS)
  })

  test('sells exactly the ten that there are, and refuses everyone else', async () => {
    expect([await ordersAt('confirmed'), await ordersAt('rejected')]).toEqual([TINS, BUYERS - TINS])

    const sold = (await confirmed()).reduce(
      (sum, { lines }) => sum + lines.reduce((count, { quantity }) => count + quantity, 0),
      0,
    )
    expect(sold).toBe(TINS)
  })

  test('takes the money for the ten and for nothing else', async () => {
    const { gatewayKey } = JSON.parse(readFileSync(join(platform.state, 'secrets.json'), 'utf8')) as {
      gatewayKey: string
    }
    const totals = await fetch(`http://127.0.0.1:${8092 + platform.offset}/v1/totals`, {
      headers: { authorization: `Bearer ${gatewayKey}` },
    })

    expect(await totals.json()).toEqual({ captured: TINS * PRICE, refunded: 0 })
  })

  test('has nothing left on its shelf when the ten are sent', async () => {
    for (const { orderId } of await confirmed()) {
      await shop.expect(202, `POST /v1/orders/${orderId}/shipment`, {}, { token: admin, key: randomUUID() })
    }

    const level = await until('the ten to be handed over', 120_000, async () => {
      const { body } = await shop.expect(200, `GET /v1/stock/${sku}`, undefined, { token: admin })
      return body['reserved'] === 0 ? body : undefined
    })
    expect(level).toEqual({ sku, onHand: 0, reserved: 0, available: 0 })
  }, 240_000)
})
