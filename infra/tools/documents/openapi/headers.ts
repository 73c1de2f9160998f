import type { DeclaredOperation } from '../../tree'

type Refs = Record<string, { $ref: string }>

const text = (description: string, example: string, more: object = {}) => ({
  description,
  schema: { type: 'string', ...more },
  example,
})

const CART = { pattern: '^[\\w-]{43}$' }
const CART_EXAMPLE = 'q0Yw6oJ5rT1mVnXc8sBfLd2hKg7eAu9iPzCjRk4tE3M'
const TRACE = 'https://www.w3.org/TR/trace-context/'

/** Headers of answers, by the name they have in the document. */
export const HEADERS = {
  traceparent: {
    ...text(
      'The trace of the request (W3C Trace Context).',
      `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`,
    ),
    required: true,
  },
  Location: text('The address of what was made.', '/v1/orders/0195f3c2-7d1a-7b02-8f11-2e9a4b6c7d80'),
  Link: {
    ...text(
      'First, last, previous and next page (RFC 8288).',
      '</v1/products?page=2&pageSize=20>; rel="next"',
    ),
    required: true,
  },
  'Kiosk-Cart': text("The token of the guest's cart, to be sent with the next request.", CART_EXAMPLE, CART),
  'Idempotent-Replayed': text('The answer is that of an earlier request with this Idempotency-Key.', 'true', {
    const: 'true',
  }),
  'Retry-After': text('Seconds until it is worth another try (RFC 9110, section 10.2.3).', '42', {
    pattern: '^\\d+$',
  }),
  RateLimit: {
    ...text('What is left of the policy that said no.', '"log-in";r=0;t=42'),
    required: true,
  },
  'RateLimit-Policy': {
    ...text('The policy that said no.', '"log-in";q=10;w=900'),
    required: true,
  },
  'WWW-Authenticate': text('The scheme that is asked for (RFC 6750, section 3).', 'Bearer'),
} as const

/** Headers of requests, by the name they have in the document. */
export const PARAMETERS = {
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    description: `A trace to go on with (${TRACE}); one that cannot be read is left alone.`,
    schema: { type: 'string' },
  },
  IdempotencyKeyRequired: idempotencyKey(true),
  IdempotencyKey: idempotencyKey(false),
  GuestCart: {
    name: 'Kiosk-Cart',
    in: 'header',
    description:
      "The token of a guest's cart, as an answer's header of this name gave it. Without one, or with something that is none, a guest gets a new cart.",
    schema: { type: 'string' },
    example: CART_EXAMPLE,
  },
  MergedCart: {
    name: 'Kiosk-Cart',
    in: 'header',
    required: true,
    description: "The token of the guest's cart that goes into the customer's.",
    schema: { type: 'string', ...CART },
    example: CART_EXAMPLE,
  },
  WebhookId: webhook(
    'id',
    'The same for each time a notice is sent.',
    '^[\\x21-\\x7e]{1,255}$',
    'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  ),
  WebhookTimestamp: webhook(
    'timestamp',
    'When it was sent, in seconds since 1970.',
    '^\\d{1,12}$',
    '1772359200',
  ),
} as const

function idempotencyKey(required: boolean) {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    ...(required && { required }),
    description:
      'Makes the request repeatable: for 24 hours the same key gets the first answer, with `Idempotent-Replayed: true`, and nothing happens twice.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]{1,255}$' },
    example: '7e0c8a3b-3d0f-4a38-9c57-0f6f0f2b7a11',
  }
}

function webhook(name: string, description: string, pattern: string, example: string) {
  return {
    name: `webhook-${name}`,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string', pattern },
    example,
  }
}

/** The headers that a request of an operation may have, beside what proves its caller. */
export function headerParameters({ idempotent, caller = [], refuses = [] }: DeclaredOperation): object[] {
  const names: (keyof typeof PARAMETERS)[] = []
  if (idempotent) names.push(idempotent === 'required' ? 'IdempotencyKeyRequired' : 'IdempotencyKey')
  if (caller.includes('guest')) names.push('GuestCart')
  if (refuses.includes('carts/no-guest-cart')) names.push('MergedCart')
  if (caller.includes('gateway')) names.push('WebhookId', 'WebhookTimestamp')
  return [...names, 'Traceparent' as const].map((name) => ({ $ref: `#/components/parameters/${name}` }))
}

/** References to headers of answers. */
export const headers = (...names: (keyof typeof HEADERS)[]): Refs =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
