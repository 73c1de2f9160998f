import type { CallerKind } from '#runtime/operation'

const ROLES: readonly CallerKind[] = ['customer', 'staff', 'admin']

/** How each kind of caller proves who they are. */
export const SECURITY_SCHEMES = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A person who has logged in. `POST /v1/sessions` gives the token: a JWT signed with EdDSA, good for 15 minutes, with `sub`, `sid`, `role`, `iss`, `aud`, `exp` and `jti`; `GET /.well-known/jwks.json` has the keys. The role that is needed stands beside the scheme: staff may do what customers may, admins what staff may.',
  },
  guestCart: {
    type: 'apiKey',
    in: 'header',
    name: 'Kiosk-Cart',
    description:
      "A guest, known by the token of their cart only: an answer's `Kiosk-Cart` header gives it, and it is sent back with the next request.",
  },
  producerCredential: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'kiosk_ and 43 letters, digits, - or _',
    description:
      'An outside system that may tell what happened, by a credential of its own that names the types of events it may send.',
  },
  gatewaySignature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'The payment gateway, by Standard Webhooks 1.0.0: `v1,` and the HMAC-SHA256, in Base64, of `webhook-id`, `webhook-timestamp` and the body, joined by dots. The time is at most five minutes off.',
  },
} as const

type Requirement = Partial<Record<keyof typeof SECURITY_SCHEMES, string[]>>

/** Which of the schemes a caller needs, as alternatives; `{}` is none at all. */
export function securityOf(callers: readonly CallerKind[] = ['anyone']): Requirement[] {
  const role = ROLES.find((one) => callers.includes(one))
  const isWide = callers.includes('guest') || callers.includes('anyone')
  const schemes: Requirement[] = []
  if (role !== undefined) schemes.push({ accessToken: [role] })
  if (callers.includes('guest')) schemes.push({ guestCart: [] })
  if (callers.includes('producer') && role === undefined) schemes.push({ producerCredential: [] })
  if (callers.includes('gateway')) schemes.push({ gatewaySignature: [] })
  return isWide && schemes.length > 0 ? [...schemes, {}] : schemes
}

/** Whether a request may come with an access token that is looked at: then a bad one is 401. */
export const looksAtTokens = (callers: readonly CallerKind[] = []): boolean =>
  callers.some((kind) => kind !== 'anyone' && kind !== 'gateway')

/** Whether some who are known are still refused: customers where staff or admins are needed. */
export const needsRank = (callers: readonly CallerKind[] = []): boolean =>
  callers.some((kind) => kind === 'staff' || kind === 'admin') &&
  !callers.some((kind) => kind === 'anyone' || kind === 'guest' || kind === 'customer')
