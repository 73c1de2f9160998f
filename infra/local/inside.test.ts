import { ask } from '#support/ask'
import { startInside, type Inside } from './inside'

describe("the functions' own addresses", () => {
  let inside: Inside
  beforeAll(async () => {
    inside = await startInside({
      port: 0,
      handle: async (name, request, response) => {
        response.end(JSON.stringify([name, request.method, request.url]))
      },
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
