import { ask } from '#support/ask'
import { startInside, type Inside } from './inside'

const IDLE = { name: 'charge', ready: 0, starting: 0, inFlight: 0, queued: 0, coldStarts: 0 }

describe("the functions' own addresses", () => {
  let inside: Inside
  beforeAll(async () => {
    inside = await startInside({
      port: 0,
      handle: async (name, request, response) => {
        response.end(JSON.stringify([name, request.method, request.url]))
      },
      states: () => [
        { ...IDLE, lastCrash: 'charge crashed by SIGKILL' },
        { ...IDLE, name: 'refund', trouble: 'it ended with code 1' },
      ],
    })
  })
  afterAll(() => inside.stop())

  test.each([
    ['/function/charge', ['charge', 'POST', '/']],
    ['/function/charge/', ['charge', 'POST', '/']],
    ['/function/view-cart/v1/cart?a=b', ['view-cart', 'POST', '/v1/cart?a=b']],
    ['/function/view-cart?a=b', ['view-cart', 'POST', '/?a=b']],
  ])('%s is that function, and what stands behind it its path', async (path, to) => {
    const answer = await ask(inside.port, path, { method: 'POST' })

    expect(JSON.parse(answer.body)).toEqual(to)
  })

  test('how the functions are stands where a cluster lists its Services: one that crashed is ready to be started', async () => {
    const path = '/apis/serving.knative.dev/v1/namespaces/kiosk/services'

    expect(JSON.parse((await ask(inside.port, path, { method: 'GET' })).body)).toEqual({
      items: [
        { metadata: { name: 'charge' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
        {
          metadata: { name: 'refund' },
          status: { conditions: [{ type: 'Ready', status: 'False', message: 'it ended with code 1' }] },
        },
      ],
    })
  })

  test.each([
    '/',
    '/function',
    '/function/',
    '/v1/cart',
    '/function/No',
    '/function/a.b',
    '/functions/charge',
  ])('%s is nothing', async (path) => {
    expect((await ask(inside.port, path, { method: 'GET' })).status).toBe(404)
  })
})
