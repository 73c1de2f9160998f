import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listening } from '#support/door'
import { openLine } from '../gateway-line'

describe('the line to the payment gateway', () => {
  const state = { status: 200, asked: 0 }
  const server = createServer((_, response) => {
    state.asked++
    if (state.status === 0) response.destroy()
    else response.writeHead(state.status).end('{}')
  })
  beforeAll(() => listening(server))
  beforeEach(() => void Object.assign(state, { status: 200, asked: 0 }))
  afterEach(() => jest.restoreAllMocks())
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const line = (bounds = {}) =>
    openLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key', bounds)

  test.each([0, 503])('asks a gateway no more that fails ten times in a row (%i)', async (status) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const ask = line()
    state.status = status
    for (let n = 0; n < 10; n++) await expect(ask('GET', '/')).rejects.toMatchObject({ passing: true })

    await expect(ask('GET', '/')).rejects.toMatchObject({
      name: 'GatewayTrouble',
      passing: false,
      cause: { status: 503, headers: { 'Retry-After': '5' } },
    })
    expect(state.asked).toBe(10)
  })

  test('asks on after refusals', async () => {
    const ask = line()
    state.status = 402
    for (let n = 0; n < 12; n++) await expect(ask('GET', '/')).rejects.toThrow('answered 402')

    state.status = 200
    expect(await ask('GET', '/')).toEqual({})
  })

  test('gives up a question that takes too long, and it may be asked again', async () => {
    const silent = createServer(() => undefined)
    await listening(silent)
    const ask = openLine(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, 'key', {
      timeoutMs: 30,
    })

    await expect(ask('GET', '/')).rejects.toMatchObject({ passing: true, cause: { name: 'TimeoutError' } })

    silent.closeAllConnections()
    silent.close()
  })
})
