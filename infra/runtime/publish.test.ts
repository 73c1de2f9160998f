import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listening } from '#support/door'
import type { StoredEvent } from './binary-event'
import { isHeldBack } from './resilience'
import { isRefusedEvent, openPublisher } from './publish'

const event = (id: number): StoredEvent => ({
  ...{ id: String(id), type: 'shop.kiosk.orders.order-placed.v1', source: 'https://kiosk.example/orders' },
  ...{ subject: 'o1', time: '2026-03-01T10:00:00.000Z', dataschema: '', extensions: {}, data: {} },
})

describe('publishing', () => {
  const state = { status: 202, asked: 0, atOnce: 0, most: 0 }
  const server = createServer((message, response) => {
    state.asked++
    state.most = Math.max(state.most, ++state.atOnce)
    message.resume().on('end', () => {
      state.atOnce--
      response.writeHead(state.status).end()
    })
  })
  const publisher = () =>
    openPublisher({ K_SINK: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  beforeAll(() => listening(server))
  beforeEach(() => void Object.assign(state, { status: 202, asked: 0, atOnce: 0, most: 0 }))
  afterEach(() => jest.restoreAllMocks())
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('sends what a relay hands over at once, sixteen at a time', async () => {
    const publish = publisher()

    await Promise.all(Array.from({ length: 200 }, (_, id) => publish(event(id))))

    expect(state.asked).toBe(200)
    expect(state.most).toBeLessThanOrEqual(16)
  })

  test('leaves a broker alone that fails, but not one that refuses an event', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const publish = publisher()
    state.status = 400
    for (let id = 0; id < 9; id++) await expect(publish(event(id))).rejects.toThrow('the broker answered 400')
    state.status = 503
    for (let id = 0; id < 5; id++) await expect(publish(event(id))).rejects.toThrow('the broker answered 503')

    expect(isHeldBack(await publish(event(5)).catch((error: unknown) => error))).toBe(true)
    expect(state.asked).toBe(14)
  })

  test.each([
    [400, true],
    [413, true],
    [422, true],
    [302, false],
    [401, false],
    [403, false],
    [404, false],
    [408, false],
    [429, false],
    [500, false],
  ])('takes %i for a refusal of the event: %s', async (status, isRefused) => {
    state.status = status

    const error: unknown = await publisher()(event(1)).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ message: expect.stringContaining(`answered ${status}`) as string })
    expect(isRefusedEvent(error)).toBe(isRefused)
  })
})
