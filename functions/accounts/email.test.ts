import { isEmail } from 'class-validator'
import { EMAIL_RULES, emailOf } from './email'

describe('an e-mail address', () => {
  test.each([
    ['Ada@Example.COM', 'ada@example.com'],
    [' ada@example.com ', 'ada@example.com'],
    ['ada@Müller.example', 'ada@müller.example'],
    ['ada@mu\u0308ller.example', 'ada@müller.example'],
    ['ada@xn--mller-kva.example', 'ada@müller.example'],
  ])('%s is written %s', (given, written) => {
    expect(emailOf(given)).toBe(written)
    expect(emailOf(written)).toBe(written)
  })

  test.each(["o'brien+shop@example.com", 'a.b-c_d@sub.example.com', 'ada@müller.de'])(
    '%s is one',
    (given) => {
      expect(isEmail(given, EMAIL_RULES)).toBe(true)
    },
  )

  test.each([
    '"ada"@example.com',
    '"a\\da"@example.com',
    '"a\r\nBcc: eve@example.com"@example.com',
    'ada@example',
    'ädä@example.com',
  ])('%s is none here', (given) => {
    expect(isEmail(given, EMAIL_RULES)).toBe(false)
  })
})
