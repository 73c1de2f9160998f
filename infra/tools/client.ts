import { randomUUID } from 'node:crypto'

/** An answer of the shop, whatever its status. */
export interface Answer<B = Record<string, unknown>> {
  status: number
  headers: Headers
  body: B
}

export interface Options {
  token?: string
  cart?: string
  /** Sent as Idempotency-Key. */
  key?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface Mail {
  subject: string
  text: string
  html: string
  /** Absent in what a killed sender left behind half-way. */
  to?: { address: string }[]
  messageId?: string
}

/** A client of the shop as anyone could write it from the API's documents; the demo, journeys and benchmarks use it. */
export class Shop {
  constructor(
    readonly url: string,
    readonly mailbox: string,
  ) {}

  async call<B = Record<string, unknown>>(
    route: string,
    body?: unknown,
    options: Options = {},
  ): Promise<Answer<B>> {
    const [method, path] = route.split(' ') as [string, string]
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(options.token && { authorization: `Bearer ${options.token}` }),
        ...(options.cart && { 'kiosk-cart': options.cart }),
        ...(options.key && { 'idempotency-key': options.key }),
        ...options.headers,
      },
      ...(options.signal && { signal: options.signal }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as B,
    }
  }

  /** As `call`, but any other status is an error that says what came. */
  async expect<B = Record<string, unknown>>(
    status: number,
    route: string,
    body?: unknown,
    options: Options = {},
  ): Promise<Answer<B>> {
    const answer = await this.call<B>(route, body, options)
    if (answer.status === status) return answer
    throw new Error(`${route} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`)
  }

  /** A person with a verified address, logged in. */
  async customer(name = 'Ada'): Promise<{ email: string; password: string; token: string }> {
    const email = `${name.toLowerCase()}-${randomUUID()}@kiosk.example`
    const password = randomUUID()
    await this.expect(202, 'POST /v1/accounts', { email, password, name })
    await this.expect(204, 'POST /v1/accounts/verification', { email, code: await this.codeFor(email) })
    return { email, password, token: await this.logIn(email, password) }
  }

  async logIn(email: string, password: string): Promise<string> {
    const { body } = await this.expect<{ accessToken: string }>(201, 'POST /v1/sessions', { email, password })
    return body.accessToken
  }

  /** The six digits that were mailed to an address. */
  async codeFor(email: string): Promise<string> {
    const { text } = await this.mailTo(email, /code/i)
    return /\b\d{6}\b/.exec(text)![0]
  }

  /** The newest mail to an address whose subject fits, as soon as it is there. */
  async mailTo(email: string, subject: RegExp, patienceMs = 30_000): Promise<Mail> {
    return until(`a mail to ${email} about ${String(subject)}`, patienceMs, async () => {
      const mails = (await this.mailsTo(email)).filter((mail) => subject.test(mail.subject))
      return mails.at(-1)
    })
  }

  async mailsTo(email: string): Promise<Mail[]> {
    const response = await fetch(new URL('/email', this.mailbox))
    const mails = (await response.json()) as Mail[]
    return mails.filter(({ to }) => to?.some(({ address }) => address === email))
  }

  /** The order, once its status is one of these; a shop that is away for a moment is asked again. */
  async orderWhen(orderId: string, token: string, statuses: string[], patienceMs = 60_000) {
    return until(`order ${orderId} being ${statuses.join(' or ')}`, patienceMs, async () => {
      const { status, body } = await this.call<Order>(`GET /v1/orders/${orderId}`, undefined, { token })
      if (status !== 200 && status < 500)
        throw new Error(`order ${orderId} cannot be seen: ${JSON.stringify(body)}`)
      return statuses.includes(body.status) ? body : undefined
    })
  }
}

export interface Order {
  orderId: string
  status: string
  total: number
  currency: string
  lines: { sku: string; quantity: number }[]
  payment: { status: string; reason?: string }
}

/** Asks again and again until there is an answer; says what it waited for when there is none in time. */
export async function until<T>(
  what: string,
  patienceMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs / 1000} s in vain for ${what}`)
    await new Promise((resume) => setTimeout(resume, 25))
  }
}
