import { randomUUID } from 'node:crypto'
import { until } from '../../infra/tools/client'
import { RunningPlatform } from '#support/platform'

/** From zero and back, and events that nobody can handle. */
describe('a platform at rest', () => {
  const platform = new RunningPlatform(900)
  const { shop } = platform

  beforeAll(() => platform.start(), 180_000)
  afterAll(() => platform.end(), 120_000)

  test('keeps an event that no function can read as a dead letter, and shows it', async () => {
    const id = randomUUID()
    const response = await fetch(`${platform.broker}/kiosk/orders`, {
      method: 'POST',
      body: '{"orderId":7}',
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': 'https://kiosk.example/orders',
        'ce-type': 'shop.kiosk.orders.order-accepted.v1',
      },
    })
    expect(response.status).toBe(202)

    const admin = await platform.admin()
    await until('the dead letter', 240_000, async () => {
      const { body } = await shop.expect<{ items: { id: string; trigger: string }[] }>(
        200,
        'GET /v1/dead-letters?pageSize=100',
        undefined,
        { token: admin },
      )
      return JSON.stringify(body.items).includes(id) || undefined
    })
    await until('the console to show it', 60_000, async () => {
      const { deadLetters } = await platform.console()
      return deadLetters.some((letter) => letter.id === id) || undefined
    })
  }, 360_000)

  test('has no function process left after two idle minutes, and answers the next request', async () => {
    // The audit of each fifth minute may wake what it asks in the middle of it, for another minute.
    await until('every function to be at zero', 130_000 + 75_000, async () => {
      const { functions } = await platform.console()
      const warm = functions.filter(
        ({ name, ready, starting }) => !name.startsWith('relay-') && !isTimer(name) && ready + starting > 0,
      )
      return warm.length === 0 || undefined
    })

    expect((await shop.call('GET /v1/products?q=tea')).status).toBe(200)
  }, 300_000)
})

/** What a minute's tick wakes is not idle for two minutes. */
const isTimer = (name: string) => name === 'reconcile-payments'
