import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { tokens } from '#support/door'
import { urlOf } from '#support/domain'
import { startMailServer } from '#support/mail-server'
import { ADDRESS } from '#support/platform'
import { foldersOf } from '#support/tree'
import { bundle } from '#support/tiny-functions'
import { freePort } from '../local/scaler/free-port'
import { startSandbox, type Sandbox } from '../sandbox/sandbox'
import { until } from '../tools/client'
import { TestOpenFaas } from './test-openfaas'

const run = randomBytes(4).toString('hex')
const DOMAINS = foldersOf('infra/postgres').filter((name) => name !== 'shared')
const database = (domain: string) => `t_openfaas_${domain}_${run}`
const ADA = randomUUID()
const GATEWAY_KEY = 'a-key'

/** The shop as it runs on OpenFaaS: the host and the bundles that ship, stack.yaml, our dispatcher, real stores. */
describe('the shop on OpenFaaS', () => {
  const home = mkdtempSync(join(tmpdir(), 'kiosk-openfaas-'))
  let openfaas: TestOpenFaas
  let sandbox: Sandbox
  let mail: Awaited<ReturnType<typeof startMailServer>>
  let door: Awaited<ReturnType<typeof tokens>>
  let program: string
  let ingress: number
  let dispatcher: ChildProcess
  let said = ''

  beforeAll(async () => {
    await asAdmin(DOMAINS.map((domain) => `create database ${database(domain)} template template_${domain}`))
    ;[door, mail, ingress] = await Promise.all([tokens(), startMailServer(), freePort()])
    program = bundle('infra/openfaas/dispatcher.ts', join(home, 'dispatcher.cjs'))
    const common = { apiKey: GATEWAY_KEY, noticeSecret: 'a-secret', noticeDelayMs: 50 }
    sandbox = await startSandbox({
      ...common,
      port: 0,
      folder: join(home, 'sandbox'),
      noticeUrl: 'http://127.0.0.1:1',
    })
    openfaas = await TestOpenFaas.start({
      variables: (url) => ({ KIOSK_GATEWAY: url, KIOSK_DISPATCHER: `http://127.0.0.1:${ingress}` }),
      secrets: () => secrets(),
      folder: join(home, 'secrets'),
    })
    await startDispatcher()
    await openShop()
  }, 120_000)
  afterAll(async () => {
    dispatcher.kill('SIGKILL')
    await openfaas.stop()
    await Promise.all([sandbox.stop(), mail.close()])
    await asAdmin(DOMAINS.map((domain) => `drop database ${database(domain)} with (force)`))
    rmSync(home, { recursive: true, force: true })
  }, 120_000)

  const secrets = () => ({
    ...Object.fromEntries(
      DOMAINS.map((domain) => [`${domain}-database`, { DATABASE_URL: urlOf(database(domain)) }]),
    ),
    kiosk: door.env,
    redis: {
      UPSTASH_REDIS_REST_URL: process.env['KIOSK_TEST_REDIS_REST_URL']!,
      UPSTASH_REDIS_REST_TOKEN: process.env['KIOSK_TEST_REDIS_TOKEN']!,
    },
    verification: { VERIFICATION_PEPPER: 'pepper' },
    smtp: { SMTP_URL: mail.url, MAIL_FROM: 'Kiosk <shop@kiosk.example>' },
    'payment-gateway': {
      PAYMENT_GATEWAY_URL: sandbox.url,
      PAYMENT_GATEWAY_KEY: GATEWAY_KEY,
      PAYMENT_GATEWAY_NOTICE_SECRET: 'a-secret',
    },
  })

  async function startDispatcher() {
    said = ''
    const env = {
      NATS_URL: process.env['KIOSK_TEST_NATS_URL'],
      GATEWAY_URL: openfaas.url,
      PORT: String(ingress),
      REDELIVER_AFTER_MS: '1000',
    }
    dispatcher = spawn(process.execPath, [program], { env })
    for (const stream of [dispatcher.stdout!, dispatcher.stderr!]) {
      stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
    }
    await until(`the dispatcher to be ready`, 60_000, () => {
      if (dispatcher.exitCode !== null) throw new Error(`the dispatcher ended: ${said}`)
      return Promise.resolve(said.includes('"ready"') || undefined)
    })
  }

  /** As any client asks OpenFaaS: the function's name, then the path that the function knows. */
  async function call<B>(
    name: string,
    route: string,
    body?: object,
    role: 'customer' | 'admin' = 'customer',
  ) {
    const [method, path] = route.split(' ') as [string, string]
    const response = await fetch(`${openfaas.url}/function/${name}${path}`, {
      method,
      headers: {
        authorization: await door.bearer(ADA, role),
        'idempotency-key': randomUUID(),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const said = await response.text()
    if (!response.ok) throw new Error(`${name} answered ${response.status}: ${said}\n${openfaas.output}`)
    return JSON.parse(said) as B
  }

  /** An item with stock, and somebody to write to. */
  async function openShop() {
    const example = readFileSync('events/accounts/account-registered.v1/examples/0001-customer.json', 'utf8')
    const registered = { ...(JSON.parse(example) as object), accountId: ADA, email: 'ada@kiosk.example' }
    const taken = await fetch(`http://127.0.0.1:${ingress}/kiosk/accounts`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': randomUUID(),
        'ce-source': 'https://kiosk.example/accounts',
        'ce-type': 'shop.kiosk.accounts.account-registered.v1',
      },
      body: JSON.stringify(registered),
    })
    expect(taken.status).toBe(202)
    const product = { sku: 'TEA', name: 'Tea', category: 'tea', price: 450, currency: 'EUR' }
    await call('add-product', 'POST /v1/products', product, 'admin')
    await call('receive-stock', 'POST /v1/stock/TEA/receipts', { quantity: 10 }, 'admin')
  }

  const place = async () => {
    const order = {
      lines: [{ sku: 'TEA', quantity: 1 }],
      confirmedTotal: 450,
      currency: 'EUR',
      shippingAddress: ADDRESS,
      paymentMethod: 'pm_approve',
    }
    return (await call<{ orderId: string }>('place-order', 'POST /v1/orders', order)).orderId
  }

  const confirmed = (orderId: string) =>
    until(`order ${orderId} to be confirmed`, 90_000, async () => {
      const { status } = await call<{ status: string }>('view-order', `GET /v1/orders/${orderId}`)
      return status === 'confirmed' || undefined
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${said}\n${openfaas.output}`)
    })

  const charged = async () => {
    const headers = { authorization: `Bearer ${GATEWAY_KEY}` }
    return (await (await fetch(`${sandbox.url}/v1/totals`, { headers })).json()) as object
  }

  test('brings an order through it all, and writes to the customer', async () => {
    const orderId = await place()

    await confirmed(orderId)
    await until('the mail', 60_000, () =>
      Promise.resolve(mail.taken.some(({ source }) => /Subject:.*confirmed/i.test(source)) || undefined),
    )
    expect(await charged()).toMatchObject({ captured: 450 })
  }, 180_000)

  test('loses nothing and charges once when the dispatcher is killed in a delivery, and away when an order is placed', async () => {
    const held = openfaas.hold('charge')
    const early = await place()
    await held.reached
    dispatcher.kill('SIGKILL')
    await once(dispatcher, 'exit')
    const late = await place()
    await age('orders')
    held.release()

    await startDispatcher()

    await confirmed(early)
    await confirmed(late)
    expect(await charged()).toMatchObject({ captured: 3 * 450 })
  }, 240_000)

  test('ends on SIGTERM when what is under way is done', async () => {
    const exited = once(dispatcher, 'exit')

    dispatcher.kill('SIGTERM')

    expect(await exited).toEqual([0, null])
  }, 120_000)

  test('says what it must be told', async () => {
    const child = spawn(process.execPath, [program], { env: {} })
    const exited = once(child, 'close')

    expect(await text(child.stderr)).toContain('NATS_URL or GATEWAY_URL is not set')
    expect(await exited).toEqual([1, null])
  })
})

/** What is unsent becomes old enough for the relay, which leaves the newest to whoever is just sending them. */
async function age(domain: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(database(domain)) })
  await client.connect()
  await client.query(`update outbox set created_at = created_at - interval '1 minute' where sent_at is null`)
  await client.end()
}

async function asAdmin(statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: process.env['KIOSK_TEST_POSTGRES_URL'] })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}
