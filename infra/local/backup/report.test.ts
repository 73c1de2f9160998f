import type { Finding, Reconciled } from './reconcile'
import { reportOf } from './report'

const found = (kind: Finding['kind'], orderId: string | null, amount = 450): Finding => ({
  ...{ kind, orderId, amount, currency: 'EUR' },
  reference: orderId === null ? 'by hand' : `order/${orderId}/1`,
})
const reported = (over: Partial<Reconciled>) =>
  reportOf({ isAtRest: true, findings: [], cancelled: [], leftOver: [], violations: 0, ...over })

describe('the report of a restore', () => {
  test('is short when there is nothing to tell', () => {
    expect(reported({})).toEqual([
      'The payment gateway knew nothing that the backup did not.',
      'The audit finds nothing; what moved just now it looks at within minutes of the next npm start.',
    ])
  })

  test('names the orders that are lost, cancelled or to be decided, and what nobody asked for', () => {
    const findings = [found('settled', 'o1'), found('given-back', 'o2'), found('given-back', 'o3', 100)]

    expect(
      reported({
        findings: [...findings, found('refunded', 'o4'), found('foreign', null)],
        ...{ cancelled: ['o4'], leftOver: ['o5'] },
      }),
    ).toEqual([
      'The payment gateway knew more than the backup:',
      '  1 charge (450 EUR in minor units) of orders that are known: on the books now',
      '  2 charges (550 EUR in minor units) of orders that are lost: given back',
      '    o2  450 EUR in minor units',
      '    o3  100 EUR in minor units',
      '  1 refund (450 EUR in minor units) of orders that are known: on the books now',
      '  1 movement (450 EUR in minor units) that the shop did not ask for: left alone, look at it',
      '    by hand  450 EUR in minor units',
      'Orders cancelled again, since their money had gone back:',
      '    o4',
      'Orders that go on though money had gone back; decide what they are:',
      '    o5',
      'The audit finds nothing; what moved just now it looks at within minutes of the next npm start.',
    ])
  })

  test('does not fill the screen, and hides neither what does not add up nor what is not done', () => {
    const findings = Array.from({ length: 25 }, (_, nth) => found('given-back', `o${nth}`))
    const lines = reported({ findings, violations: 2, isAtRest: false })

    expect(lines).toHaveLength(25)
    expect(lines.slice(-3)).toEqual([
      '    and 5 more',
      'The audit finds 2 that do not add up: they stand in the table violations of platform.',
      'Something is still on its way: the shop goes on with it whenever it runs.',
    ])
  })
})
