import { detoured, detourIn } from './detours'
import { portsFrom } from './layout'

describe('detours', () => {
  const told = {
    configuration: {
      configMaps: { kiosk: { KIOSK_JWKS: '{"keys":[]}' } },
      secrets: {
        'orders-database': { DATABASE_URL: 'postgres://orders:secret@127.0.0.1:15432/orders' },
        redis: { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:16380', UPSTASH_REDIS_REST_TOKEN: '16380' },
        'payment-gateway': { PAYMENT_GATEWAY_URL: 'http://127.0.0.1:8092' },
      },
    },
    natsUrl: 'nats://127.0.0.1:14222',
  }

  test('leaves every address as it is when nobody stands between', () => {
    expect(detoured(told, portsFrom(0), {})).toEqual(told)
  })

  test('leads to a service by another port, and to the others as before', () => {
    const found = detoured(told, portsFrom(0), { postgres: 1, nats: 2, redis: 3 })

    expect(found.natsUrl).toBe('nats://127.0.0.1:2')
    expect(found.configuration.secrets).toEqual({
      'orders-database': { DATABASE_URL: 'postgres://orders:secret@127.0.0.1:1/orders' },
      redis: { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:3', UPSTASH_REDIS_REST_TOKEN: '16380' },
      'payment-gateway': { PAYMENT_GATEWAY_URL: 'http://127.0.0.1:8092' },
    })
  })

  test('is asked for by the name of a service and a port, and by nothing else', () => {
    expect(detourIn('--detour=sandbox:20001')).toEqual({ sandbox: 20001 })
    expect(['--detour=mailbox:1', '--detour=postgres', '--detour=postgres:x'].map(detourIn)).toEqual(
      Array(3).fill(undefined),
    )
  })
})
