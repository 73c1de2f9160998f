import { readFileSync } from 'node:fs'
import { htmlOf, textOf } from './layout'
import { FACTS, letterAbout, type Fact } from './letters'
import { shownMoney } from './money'

const NOW = new Date('2026-03-01T09:30:00Z')
const ORDER = { orderId: 'o1', customerId: 'ada' }
const AT = '2026-03-01T09:30:00.000Z'

const letter = (event: string, fact: object) => {
  const type = FACTS.find(({ path }) => path.endsWith(`/${event}.v1`))!.type
  return letterAbout(type, fact as Fact, { now: NOW, happened: new Date('2026-03-01T09:25:00Z') })
}

describe('letters', () => {
  test('a code stands alone, and says until when it can be used', () => {
    const fact = JSON.parse(
      readFileSync('events/accounts/verification-requested.v1/examples/0001-code.json', 'utf8'),
    ) as object

    const text = textOf(letter('verification-requested', fact)!)

    expect(text).toBe(
      [
        'Hello,',
        'This code proves that the address is yours:',
        '    048213',
        'It can be used until 09:40 UTC.',
        'It opens an account with the password that was given when your address was registered.',
        'If that was not you, use no code: somebody gave your address for theirs, and without the code nothing happens.',
        'If you are not sure which of several codes is yours, register once more and use the code that comes then.',
        'Kiosk\n',
      ].join('\n\n'),
    )
  })

  test('the code is the only number of six digits in either form', () => {
    const fact = { ...ORDER, email: 'a@b.cc', name: 'Ada', code: '048213', expiresAt: '2026-03-01T09:40:00Z' }
    const written = letter('verification-requested', fact)!

    expect(textOf(written).match(/\d{6}/g)).toEqual(['048213'])
    expect(htmlOf(written).match(/\d{6}/g)).toEqual(['048213'])
  })

  test('a code for another password says until when it can be used, and what to do about one not asked for', () => {
    const written = letter('password-reset-requested', {
      ...{ accountId: 'ada', email: 'a@b.cc', name: 'Ada', code: '048213' },
    })!

    expect(textOf(written)).toContain('    048213\n\nIt can be used until 09:35 UTC.\n\nIf you did not ask')
    expect(htmlOf(written).match(/\d{6}/g)).toEqual(['048213'])
  })

  test('a code for another password that has died on its way is not written about', () => {
    const type = FACTS.find(({ path }) => path === 'accounts/password-reset-requested.v1')!.type
    const fact = { accountId: 'ada', email: 'a@b.cc', name: 'Ada', code: '048213' }

    expect(letterAbout(type, fact, { now: NOW, happened: new Date('2026-03-01T09:20:00Z') })).toBeUndefined()
  })

  test('a confirmed order lists what was bought, for how much', () => {
    const lines = [
      { sku: 'TEA', name: 'Earl Grey, 100 g', quantity: 2, unitPrice: 450 },
      { sku: 'TIN', name: 'Tea tin', quantity: 1, unitPrice: 1200 },
    ]
    const written = letter('order-confirmed', {
      ...ORDER,
      lines,
      total: 2100,
      currency: 'EUR',
      confirmedAt: AT,
    })

    expect(textOf(written!, 'Ada')).toContain(
      '2 × Earl Grey, 100 g: €9.00\n1 × Tea tin: €12.00\nTotal: €21.00',
    )
  })

  test.each([
    ['order-accepted', { total: 2100, currency: 'EUR', acceptedAt: AT }, 'To pay: €21.00'],
    ['order-rejected', { skus: ['TEA', 'TIN'], rejectedAt: AT }, 'Sold out: TEA, TIN.'],
    [
      'payment-reminder-due',
      { total: 2100, currency: 'EUR', hours: 16, deadline: '2026-03-01T17:30:00Z' },
      'not paid by 17:30 UTC on 2026-03-01',
    ],
    [
      'order-shipped',
      { lines: [{ sku: 'TEA', quantity: 2 }], carrier: 'Royal Mail', trackingNumber: 'JD1', shippedAt: AT },
      'TEA: 2\nCarrier: Royal Mail\nTracking number: JD1',
    ],
    ['order-shipped', { lines: [{ sku: 'TEA', quantity: 2 }], shippedAt: AT }, 'TEA: 2\n\nKiosk'],
    [
      'order-returned',
      { returnId: 'r1', lines: [{ sku: 'TEA', quantity: 1 }], returnedAt: AT },
      'TEA: 1\n\nKiosk',
    ],
    ['order-cancelled', { reason: 'Changed my mind', cancelledAt: AT }, 'The reason given: Changed my mind'],
    ['payment-declined', { attempt: 1, reason: 'insufficient_funds', declinedAt: AT }, 'not enough money'],
    ['payment-declined', { attempt: 1, reason: 'constructor', declinedAt: AT }, 'did not go through.\n'],
    [
      'payment-refunded',
      { chargeId: 'c', refundKey: 'r', amount: 950, currency: 'EUR', refundedAt: AT },
      'Given back: €9.50\n\nKiosk',
    ],
    [
      'payment-refunded',
      {
        ...{ chargeId: 'c', refundKey: 'r', amount: 950, currency: 'EUR', refundedAt: AT },
        ...{ refundedTotal: 1050, capturedTotal: 2100 },
      },
      'Given back: €9.50\nGiven back so far: €10.50\nPaid: €21.00',
    ],
  ])('about %s says what matters', (event, fact, words) => {
    const text = textOf(letter(event, { ...ORDER, ...fact })!, 'Ada')

    expect(text).toContain('o1')
    expect(text).toContain(words)
  })

  test.each([
    [
      'an order that is charged anyway',
      'order-accepted',
      { total: 1, currency: 'EUR', paymentMethod: 'pm_approve', acceptedAt: AT },
    ],
    [
      'an order that can no longer be paid',
      'payment-reminder-due',
      { total: 1, currency: 'EUR', hours: 16, deadline: AT },
    ],
    [
      'a code that cannot be used any more',
      'verification-requested',
      { email: 'a@b.cc', name: 'Ada', code: '048213', expiresAt: AT },
    ],
  ])('are not written about %s', (_, event, fact) => {
    expect(letter(event, { ...ORDER, ...fact })).toBeUndefined()
  })

  test('what people typed stays text in HTML, and in its line', () => {
    const written = letter('order-cancelled', {
      ...ORDER,
      reason: '<img src=x onerror="a()">',
      cancelledAt: AT,
    })

    expect(htmlOf(written!, `<b>Eve</b> & 'co'\r\nX: y`)).toContain(
      '<p>Hello &lt;b&gt;Eve&lt;/b&gt; &amp; &#39;co&#39; X: y,</p>',
    )
    expect(htmlOf(written!)).toContain('&lt;img src=x onerror=&quot;a()&quot;&gt;')
    expect(htmlOf(written!)).not.toContain('<img')
  })

  test.each([
    [2100, 'EUR', '€21.00'],
    [1, 'EUR', '€0.01'],
    [2100, 'JPY', '¥2,100'],
    [2100, 'KWD', 'KWD 2.100'],
    [10_000_000_000_000, 'USD', '$100,000,000,000.00'],
  ])('%i minor units of %s are read as %s', (amount, currency, shown) => {
    expect(shownMoney(amount, currency).replace(/\s/g, ' ')).toBe(shown)
  })
})
