import { HOME } from '#runtime/event'

/** What holds for every operation, as the description of the whole API. */
export const ABOUT = `Every operation of the shop. Money is a whole number of minor units with an ISO 4217 currency beside it.

**Errors** are \`application/problem+json\` (RFC 9457). \`type\` names the kind, \`instance\` the trace to report; a 422 says in \`errors\` what is wrong where, by JSON pointers. What could not be read as a request at all is answered in front of every operation, in the same form: 400, 404, 405 with \`Allow\`, 408, 413, 414, 417 and 431. A fault of ours is 500, 502 or 504 and says nothing but its trace.

**Repetition** is safe: a POST that makes something takes an \`Idempotency-Key\`, and the first answer is given again for 24 hours. The key with another request is 422.

**Lists** are pages, with \`page\` from 1 and \`pageSize\` up to 100, and have \`Link\` headers (RFC 8288) to their neighbours.

**Fields** that are not described are refused in requests. Answers and events may get new ones; who reads them should not mind. In a request, null is the same as leaving a field out.

**Tracing**: \`traceparent\` (W3C) is honoured, returned, and goes on through the brokers.`

/** What each domain is about. */
export const DOMAINS: Readonly<Record<string, string>> = {
  accounts: 'People, passwords, sessions, roles, addresses.',
  catalog: 'Products, categories, prices, discounts, reviews.',
  stock: 'What is on hand and what is reserved, as a ledger of deltas.',
  carts: 'Carts of customers and guests.',
  orders: 'Orders, their states, their timelines, sales figures.',
  payments: 'Charges, refunds, and what the payment gateway says.',
  mail: 'What was sent to whom.',
  platform: 'Dead letters, replays, health, events from outside, and this description.',
}

const FIELDS = {
  type: { type: 'string', format: 'uri', description: 'The kind of the problem.' },
  title: { type: 'string', description: 'A sentence for a person; the same for each problem of a kind.' },
  status: { type: 'integer' },
  instance: { type: 'string', pattern: '^urn:trace:[0-9a-f]{32}$', description: 'The trace to report.' },
  detail: { type: 'string', description: 'What it was this time.' },
}

/** RFC 9457. Each kind may have members of its own. */
export const PROBLEM = {
  type: 'object',
  description: 'A refusal (RFC 9457).',
  required: ['type', 'title', 'status', 'instance'],
  properties: FIELDS,
  example: {
    type: `${HOME}/problems/orders/price-changed`,
    title: 'The price changed since you saw it.',
    status: 409,
    instance: 'urn:trace:0af7651916cd43dd8448eb211c80319c',
  },
}

/** RFC 9457 with the member of the RFC's own example: every fault, and where it is. */
export const INVALID_REQUEST = {
  type: 'object',
  description: 'A refusal that says what is wrong where.',
  required: ['type', 'title', 'status', 'instance', 'errors'],
  properties: {
    ...FIELDS,
    errors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['detail', 'pointer'],
        properties: {
          detail: { type: 'string' },
          pointer: { type: 'string', description: 'A JSON pointer as a fragment (RFC 6901, section 6).' },
        },
      },
    },
  },
}
