import { faultIn } from './verdict'

const JSON_TYPE = { 'content-type': 'application/json' }
const PROBLEM_TYPE = { 'content-type': 'application/problem+json' }
const problem = (kind: string, status: number) => ({
  ...{ status, headers: PROBLEM_TYPE },
  body: JSON.stringify({
    type: `https://kiosk.example/problems/${kind}`,
    ...{ title: 'No.', status, instance: `urn:trace:${'0'.repeat(32)}` },
  }),
})
const level = { sku: 'TEA', onHand: 1, reserved: 0, available: 1 }
const shown = (body: unknown, headers = JSON_TYPE) => ({ status: 200, headers, body: JSON.stringify(body) })

describe('the verdict on an answer', () => {
  const route = 'GET /v1/stock/{sku}'

  test.each([
    ['what was asked for', shown(level)],
    ['a newer field beside it', shown({ ...level, newer: 1 })],
    ['a refusal that is described', problem('stock/unknown-sku', 404)],
    ['what stands in front of every operation', problem('platform/address-too-long', 414)],
  ])('takes %s', (_, answer) => {
    expect(faultIn(route, answer)).toBeUndefined()
  })

  test.each([
    ['a fault', problem('about:blank', 500), 'a fault'],
    ['a status that is not described', { ...shown(level), status: 203 }, 'not described'],
    ['another shape', shown({ ...level, onHand: 'many' }), 'of another shape'],
    ['a field less', shown({ sku: 'TEA' }), 'of another shape'],
    ['another type', shown(level, { 'content-type': 'text/html' }), 'of another type'],
    ['nothing at all', { status: 200, headers: {}, body: '' }, 'empty'],
    ['a refusal of another operation', problem('orders/unknown-order', 404), 'not described'],
    ['a refusal with another status', problem('stock/unknown-sku', 409), 'not described'],
    [
      'a refusal that is no problem',
      { ...problem('stock/unknown-sku', 404), headers: JSON_TYPE },
      'not a problem',
    ],
    ['a refusal of two minds', { ...problem('stock/unknown-sku', 404), status: 422 }, 'two statuses'],
  ])('finds %s', (_, answer, fault) => {
    expect(faultIn(route, answer)).toContain(fault)
  })
})
