import type { CallerKind } from '#runtime/operation'
import { generateKeyPair, SignJWT } from 'jose'
import { AUDIENCE, ISSUER } from '#runtime/caller'
import { loggedIn } from '#support/accounts'
import { asked, openEveryDoor } from '#support/every-door'

/** Who may ask what, as the shop promises it; not read from the files that it is compared with. */
const MAY: Record<string, string> = {
  anyone: `register verify-email resend-verification log-in refresh-session request-password-reset reset-password
    publish-keys view-product search-products list-categories list-reviews describe-shop report-health`,
  guest: 'view-cart add-to-cart change-quantity remove-from-cart empty-cart',
  customer: `log-out view-profile change-profile list-addresses keep-address drop-address close-account review-product
    merge-cart place-order cancel-order return-order view-order list-orders view-timeline pay-order view-payment`,
  staff: `add-product change-product change-price discount-product retire-product add-category receive-stock view-stock
    ship-order deliver-order report-sales`,
  admin: 'list-accounts grant-role list-dead-letters redrive-event replay-events view-replay',
  producer: 'accept-event',
  gateway: 'receive-payment-notice',
}
const needed = (name: string) =>
  Object.keys(MAY).find((kind) => MAY[kind]!.split(/\s+/).includes(name)) as CallerKind

/** For each kind of operation: what nobody, a customer, staff and an admin get; `in` is any answer of the operation itself. */
const ANSWERS: Record<string, (number | 'in')[]> = {
  anyone: ['in', 'in', 'in', 'in'],
  guest: ['in', 'in', 'in', 'in'],
  customer: [401, 'in', 'in', 'in'],
  staff: [401, 403, 'in', 'in'],
  admin: [401, 403, 403, 'in'],
  producer: [401, 401, 401, 401],
  gateway: [401, 401, 401, 401],
}

/** What gateways in front of a seed's services added, and its services believed. */
const TRUSTED = {
  ...{ 'X-User-ID': 'ada', 'X-User-Id': 'ada', 'X-User-Role': 'admin', 'X-User-Email': 'ada@example.com' },
  ...{ 'X-Forwarded-User': 'ada', 'X-Auth-Request-User': 'ada', 'X-Remote-User': 'ada', 'X-Role': 'admin' },
}

/**
 * In the seed any logged-in user could create and delete products, and services took the identity from a header that a
 * gateway set, so whoever could reach them past it was whoever they liked.
 */
describe('anyone may do anything', () => {
  const doors = openEveryDoor()
  const all = asked().map((operation) => [operation.name, operation] as const)
  const closed = all.filter(([name]) => !['anyone', 'guest'].includes(needed(name)))
  const customer = (id: string) =>
    doors.domain('accounts').given((db) =>
      db.query(
        `insert into accounts (id, email, name, password_hash, role, registered_at, verified_at)
         values ($1, $2, $1, 'none', 'customer', now(), now())`,
        [id, `${id}@example.com`],
      ),
    )
  const outcome = (status: number) => (status === 401 || status === 403 || status >= 500 ? status : 'in')

  beforeEach(async () => {
    await customer('ada')
    await customer('eve')
    await doors.domain('accounts').given(loggedIn('ada'), loggedIn('eve'))
  })

  test.each(all)('B9: %s is for whom the shop says', async (name, operation) => {
    const kind = needed(name)
    expect([name, kind]).toEqual([name, expect.any(String)])
    const roles = ['customer', 'staff', 'admin'] as const
    const bearers = await Promise.all(roles.map((role) => doors.keys().bearer('ada', role)))

    const outcomes = []
    for (const authorization of [undefined, ...bearers]) {
      const { status } = await doors.ask(operation, authorization === undefined ? {} : { authorization })
      outcomes.push(outcome(name === 'report-health' && status === 503 ? 200 : status))
    }

    expect(outcomes).toEqual(ANSWERS[kind])
  })

  test('B9: no operation that writes to the catalogue or to stock is open to customers', () => {
    const writes = asked().filter(
      ({ domain, http, name }) =>
        ['catalog', 'stock'].includes(domain) && !http![0]!.startsWith('GET') && name !== 'review-product',
    )

    expect(writes.length).toBeGreaterThanOrEqual(7)
    expect(writes.filter(({ caller }) => !caller?.includes('staff') || caller.includes('customer'))).toEqual(
      [],
    )
  })

  test.each(closed)('B16: %s believes a token that it has verified, and no header', async (_, operation) => {
    const { privateKey } = await generateKeyPair('EdDSA')
    const claims = { sub: 'ada', sid: 's', jti: 'j', role: 'admin' }
    const stranger = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('15m')
      .sign(privateKey)
    const text = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const exp = Math.floor(Date.now() / 1000) + 900
    const unsigned = `${text({ alg: 'none' })}.${text({ ...claims, iss: ISSUER, aud: AUDIENCE, exp })}.`

    const statuses = []
    for (const token of [undefined, stranger, unsigned]) {
      const proof = token === undefined ? {} : { authorization: `Bearer ${token}` }
      statuses.push((await doors.ask(operation, { ...TRUSTED, ...proof })).status)
    }

    expect(statuses).toEqual([401, 401, 401])
  })

  test('B16: who has a token is who it says, whatever the headers say', async () => {
    const viewProfile = asked().find(({ name }) => name === 'view-profile')!
    const answer = await doors.ask(viewProfile, {
      ...TRUSTED,
      authorization: await doors.keys().bearer('eve'),
    })

    expect(await answer.json()).toMatchObject({ email: 'eve@example.com' })
  })
})
