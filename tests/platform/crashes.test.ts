import { randomUUID } from 'node:crypto'
import { until, type Order } from '../../infra/tools/client'
import { RunningPlatform, wish } from '#support/platform'

/** Processes killed with -9 at any moment; every placed order still reaches its end, once. */
describe('a platform whose processes are killed', () => {
  const platform = new RunningPlatform(1_200)
  const { shop } = platform
  let ada: { email: string; token: string }

  beforeAll(async () => {
    await platform.start()
    ada = await shop.customer('Ada')
  }, 240_000)
  afterAll(() => platform.end(), 120_000)

  /** Orders as a client that means it: again with the same key until there is an answer that counts. */
  const placeSome = (count: number) =>
    Promise.all(Array.from({ length: count }, () => placeOne(randomUUID())))
  const placeOne = (key: string) =>
    until('an order to be taken', 90_000, async () => {
      const body = wish('FILTER-PAPER', 1, 320, 'pm_approve')
      const answer = await shop
        .call<Order>('POST /v1/orders', body, { token: ada.token, key })
        .catch(() => undefined)
      return answer?.status === 201 ? answer.body.orderId : undefined
    })
  const allConfirmed = (ids: string[]) =>
    Promise.all(ids.map((id) => shop.orderWhen(id, ada.token, ['confirmed'], 150_000)))
  /** A copy that a crash made necessary has the Message-ID of the first, and is the same mail to its reader. */
  const confirmationsOf = async (ids: string[]) => {
    const mails = await shop.mailsTo(ada.email)
    return ids.map((id) => {
      const about = mails.filter(({ text, subject }) => /confirmed/i.test(subject) && text.includes(id))
      return new Set(about.map(({ messageId }) => messageId)).size
    })
  }
  const oneMailEach = (ids: string[]) =>
    until('one mail for each order', 120_000, async () =>
      (await confirmationsOf(ids)).every((count) => count === 1) ? true : undefined,
    )

  test.each(['nats', 'redis', 'postgres'])(
    'heals when %s is killed while orders are on their way',
    async (program) => {
      const ids = await placeSome(5)

      process.kill(platform.pidOf(program), 'SIGKILL')

      await allConfirmed(ids)
      await oneMailEach(ids)
    },
    420_000,
  )

  test.each(['reserve-stock', 'charge', 'confirm-order', 'send-mail'])(
    'heals when %s is killed in the middle of its work',
    async (name) => {
      const ids = await placeSome(5)
      await until(`${name} to run`, 60_000, async () => {
        const { functions } = await platform.console()
        return functions.some((one) => one.name === name && one.ready > 0) || undefined
      })

      platform.killAll(name)

      await allConfirmed(ids)
      await oneMailEach(ids)
    },
    420_000,
  )

  test('goes on where it was when the platform itself is killed', async () => {
    const ids = await placeSome(8)

    await platform.kill('SIGKILL')
    await platform.start()

    await allConfirmed(ids)
    await oneMailEach(ids)
  }, 480_000)

  test('tells again what only the brokers held when the machine went down', async () => {
    const ids = await placeSome(8)

    await platform.loseMachine()
    await platform.start()

    expect(platform.output).toMatch(
      /the machine went down while Kiosk ran: the last \d+ events are told again/,
    )
    await allConfirmed(ids)
    await oneMailEach(ids)
  }, 480_000)

  test('leaves no process behind when it is stopped before it is ready', async () => {
    const early = new RunningPlatform(1_500)
    const starting = early.start().catch(() => 'stopped')
    await until('the first processes', 60_000, async () =>
      early.descendants().length > 2 ? true : undefined,
    )
    const children = early.descendants()

    await early.kill('SIGINT')

    expect(await starting).toBe('stopped')
    await until('all of them to be gone', 60_000, async () =>
      children.some((pid) => early.isAlive(pid)) ? undefined : true,
    )
    await early.end()
  }, 240_000)

  test('leaves no process behind when it is stopped', async () => {
    const children = platform.descendants()
    expect(children.length).toBeGreaterThan(5)

    await platform.kill('SIGINT')

    expect(children.filter((pid) => platform.isAlive(pid))).toEqual([])
  }, 120_000)
})
