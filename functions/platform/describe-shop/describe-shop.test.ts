import { operationOf } from '#support/domain'
import { serve } from '#support/door'
import describeShop from './handler'

describe('describe-shop', () => {
  let door: { url: string; close: () => Promise<void> }
  const get = (path: string) => fetch(door.url + path)

  beforeAll(
    async () => void (door = await serve(describeShop(operationOf('platform/describe-shop'), {}, {}))),
  )
  afterAll(() => door.close())

  test('gives the API and the events as documents', async () => {
    const [api, events] = await Promise.all([get('/openapi.json'), get('/asyncapi.json')])

    expect(await api.json()).toMatchObject({
      openapi: '3.1.0',
      paths: { '/v1/orders': { post: { operationId: 'place-order' } } },
    })
    expect(await events.json()).toMatchObject({
      asyncapi: '3.0.0',
      channels: { orders: { address: '/kiosk/orders' } },
    })
  })

  test("gives an event's schema at the path of its dataschema", async () => {
    const response = await get('/events/orders/order-placed.v1/schema.json')

    expect(response.headers.get('content-type')).toBe('application/schema+json')
    expect(await response.json()).toMatchObject({
      $id: 'https://kiosk.example/events/orders/order-placed.v1/schema.json',
    })
  })

  test('knows no schema of an event that does not exist', async () => {
    expect((await get('/events/orders/order-lost.v1/schema.json')).status).toBe(404)
    expect((await get('/events/__proto__/constructor/schema.json')).status).toBe(404)
  })

  test('shows a person every operation and event on one page', async () => {
    const response = await get('/')
    const page = await response.text()

    expect(response.headers.get('content-type')).toContain('text/html')
    for (const word of ['place-order', '/v1/cart/items', 'orders/order-placed.v1'])
      expect(page).toContain(word)
  })
})
