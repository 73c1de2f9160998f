import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listening } from '#support/door'
import { servicesOf } from './functions'

describe('how the functions are', () => {
  const answer = { status: 200, body: '' }
  const api = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
  beforeAll(() => listening(api))
  afterAll(() => void api.close())

  const list = (status: number, body: unknown) => {
    Object.assign(answer, { status, body: JSON.stringify(body) })
    return servicesOf({ SERVICES_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}/services` })()
  }
  const service = (name: string, ...conditions: object[]) => ({
    apiVersion: 'serving.knative.dev/v1',
    metadata: { name, namespace: 'kiosk' },
    spec: {},
    status: { observedGeneration: 1, conditions },
  })

  test('is what their Ready condition says', async () => {
    const items = [
      service('charge', { type: 'RoutesReady', status: 'False' }, { type: 'Ready', status: 'True' }),
      service('refund', { type: 'Ready', status: 'False', message: 'exit code 1' }),
      service('pay-order', { type: 'Ready', status: 'Unknown', message: 'deploying' }),
      { metadata: { name: 'add-product' } },
    ]

    expect(await list(200, { kind: 'ServiceList', items })).toEqual([
      { name: 'charge', state: 'ready' },
      { name: 'refund', state: 'failed', reason: 'exit code 1' },
      { name: 'pay-order', state: 'starting', reason: 'deploying' },
      { name: 'add-product', state: 'starting' },
    ])
  })

  test('is not known when the platform refuses to tell', async () => {
    await expect(list(403, { kind: 'Status' })).rejects.toThrow('the platform answered 403')
  })

  test('is nothing where nobody can be asked', async () => {
    expect(await servicesOf({})()).toEqual([])
  })
})
