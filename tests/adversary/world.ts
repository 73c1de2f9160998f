import { binaryEvent, type StoredEvent } from '#runtime/binary-event'
import type { Mail } from '../../functions/mail/send-mail/mailer'
import type { Notice } from '../../infra/sandbox/charge'
import { signed } from '../../infra/sandbox/signature'
import { NOTICE_SECRET } from '../support/payments'
import { hearersOf } from './functions'
import { invoke } from './invocation'
import { closeLetterbox, openLetterbox } from './letterbox'
import { chance, type Plan } from './plan'
import { Process } from './process'
import type { Domain, Shop } from './shop'
import type { Tally, Task } from './task'
import { wishesAfter, type Wish } from './wishes'

const HOUR_MS = 3_600_000
const START = '2026-03-01T10:00:00.000Z'

/** One run: what is known outside of the functions, what is still to be brought to them, and what was done. */
export class World {
  readonly run: number
  readonly seen = new Map<string, StoredEvent>()
  readonly taken = new Set<string>()
  readonly notices = new Map<string, Notice>()
  readonly wishes: Wish[] = []
  readonly mails: Mail[]
  readonly trace: string[] = []
  readonly kills: string[] = []
  readonly tally: Tally = { invocations: 0, deliveries: 0, kills: 0, steps: 0 }
  todo: Task[] = []
  now = new Date(START)
  #ids = 0
  readonly mailbox: string
  readonly #counts = new Map<string, number>()

  constructor(
    readonly shop: Shop,
    readonly plan: Plan,
  ) {
    this.run = shop.next()
    this.mailbox = `${shop.id} ${this.run}`
    this.mails = openLetterbox(this.mailbox)
    shop.outside.listen({ publish: (event) => this.publish(event), notice: (notice) => this.note(notice) })
  }

  end(): void {
    closeLetterbox(this.mailbox)
    this.shop.outside.listen(undefined)
  }

  /** An item or a customer of this run only. */
  sku = (item: number) => `S${this.run}-${item}`
  customer = (id: number) => `c${this.run}-${id}`

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }

  chance = (about: string) => chance(this.plan.seed, about)

  /** The broker has taken an event: everybody who hears it gets it, late or at once, and maybe again. */
  publish(event: StoredEvent): void {
    const isNew = !this.seen.has(event.id)
    this.seen.set(event.id, event)
    const about = this.#nth(`${event.type.slice(11)} ${this.#orderOf(event)}`)
    for (const name of hearersOf(event.type)) {
      for (let copy = 0; copy < (isNew ? this.#copies(`${name} ${about}`) : 1); copy++) {
        this.todo.push(this.delivery(name, event, `${name} < ${about} (${copy})`))
      }
    }
    if (isNew) for (const wish of wishesAfter(this, event)) this.wish(wish)
  }

  /** The gateway tells something by itself. */
  note(notice: Notice): void {
    this.notices.set(notice.id, notice)
    const key = this.#nth(`notice ${notice.type} ${this.#planOf(notice.data.reference.split('/')[1]!)}`)
    for (let copy = 0; copy < this.#copies(key); copy++)
      this.todo.push(this.notification(notice, `${key} (${copy})`))
  }

  /** Somebody asks for something, and maybe asks again before there was an answer. */
  wish(wish: Wish): void {
    this.wishes.push(wish)
    const copies = this.plan.repeats && this.chance(`again ${wish.key}`) < 0.3 ? 2 : 1
    for (let copy = 0; copy < copies; copy++) this.todo.push(this.request(wish, `${wish.key} (${copy})`))
  }

  delivery(name: string, event: StoredEvent, key: string): Task {
    return {
      ...{ key, name },
      message: () => binaryEvent(event),
      answered: (status) => status < 300 && this.taken.add(`${name} ${event.id}`),
    }
  }

  notification(notice: Notice, key: string): Task {
    const { id, dueAt: _, ...told } = notice
    const body = JSON.stringify(told)
    const url = '/v1/payments/notices'
    return {
      ...{ key, name: 'receive-payment-notice' },
      message: () => ({
        ...{ url, body: Buffer.from(body) },
        headers: { 'content-type': 'application/json', ...signed(NOTICE_SECRET, id, this.now, body) },
      }),
      answered: (status) => status < 300 && this.notices.delete(id),
    }
  }

  request(wish: Wish, key: string): Task {
    const { name, url, caller, body } = wish
    const headers = {
      ...{ authorization: JSON.stringify(caller), 'content-type': 'application/json' },
      'idempotency-key': `${this.run} ${wish.key}`.replaceAll(' ', '/'),
    }
    return {
      ...{ key, name },
      message: () => ({ headers, url, body: Buffer.from(JSON.stringify(body)) }),
      answered: (status, { 'Retry-After': later }) => {
        if (status < 500 && later === undefined) wish.answer = status
      },
    }
  }

  tick(name: string, before: () => Promise<unknown>): Task {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': `tick-${this.run}-${++this.#ids}`,
      'ce-source': '/timer',
    }
    const message = () => ({
      headers: { ...headers, 'ce-type': 'dev.knative.sources.ping' },
      body: Buffer.alloc(0),
    })
    return { key: this.#nth(`tick ${name}`), name, before, message, answered: () => undefined }
  }

  /** What was announced and not sent is old enough for a relay. */
  ageOutbox = (domain: Domain) =>
    this.shop.databases[domain].query(
      `update outbox set created_at = now() - interval '1 minute', claimed_until = null where sent_at is null`,
    )

  /** Half a minute without anybody at work: no mail is claimed any more. */
  ageClaims = () =>
    this.shop.databases.mail.query(`update mails set claimed_until = now() where status = 'sending'`)

  passHours = async (hours: number) => this.later(hours * HOUR_MS)

  /** Begins an invocation, and decides whether it will end by itself. */
  async launch(task: Task, mayBeKilled: boolean): Promise<Process> {
    await task.before?.()
    const { plan, tally } = this
    const { key } = task
    const isKilled = mayBeKilled && this.chance(`kill ${key}`) < plan.kills && !plan.spared.includes(key)
    const moment = Math.floor(this.chance(`moment ${key}`) * 28)
    const process = new Process(key, isKilled ? moment : undefined, (line) => this.trace.push(line))
    tally.invocations++
    if (task.name !== 'place-order' && !key.startsWith('tick')) tally.deliveries++
    process.start(() => invoke(this, task, process))
    return process
  }

  /** As the functions make them, but the same for the same seed, apart from the run's number. */
  newId(): string {
    const digits = (count: number, of: number) => of.toString(16).padStart(count, '0')
    return `${digits(8, this.run)}-0000-7000-8000-${digits(12, ++this.#ids)}`
  }

  #copies(about: string): number {
    return this.plan.repeats ? [0, 1, 1, 2, 2, 3][Math.floor(this.chance(`copies ${about}`) * 6)]! : 1
  }

  #nth(about: string): string {
    const count = (this.#counts.get(about) ?? 0) + 1
    this.#counts.set(about, count)
    return count === 1 ? about : `${about} #${count}`
  }

  #orderOf({ data }: StoredEvent): string {
    return this.#planOf((data as { orderId?: string }).orderId ?? '')
  }

  /** Which order of the plan it is: ids are another in each run. */
  #planOf(orderId: string): string {
    const placed = [...this.seen.values()].find(
      ({ type, subject }) => type.endsWith('.order-placed.v1') && subject === orderId,
    )
    return placed ? (placed.data as { customerId: string }).customerId.split('-')[1]! : '?'
  }
}
