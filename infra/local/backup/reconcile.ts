import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Shop } from '../../tools/client'
import { databaseDomains } from '../../tools/tree'
import type { LocalFolders, LocalPorts } from '../layout'
import { ADMIN_EMAIL, secretsIn } from '../secrets'
import { rowsOf } from '../rows'

/** What the payment gateway knew and the restored shop did not. */
export interface Finding {
  kind: 'settled' | 'given-back' | 'refunded' | 'foreign'
  reference: string
  orderId: string | null
  /** Minor units. */
  amount: number
  currency: string
}

/** How a restored shop came to rest. */
export interface Reconciled {
  /** False: something is still on its way, and the shop goes on with it whenever it runs. */
  isAtRest: boolean
  findings: Finding[]
  /** Orders that were cancelled again, since their money had gone back. */
  cancelled: string[]
  /** Orders whose money had gone back, and that a person has to look at. */
  leftOver: string[]
  /** What the audit found that does not add up. */
  violations: number
}

const PATIENCE_MS = 600_000

/** A shop that was restored and runs now, as the person who restored it reaches it. */
export class RestoredShop {
  readonly #urlOf: (domain: string) => string

  constructor(
    readonly folders: LocalFolders,
    readonly ports: LocalPorts,
  ) {
    const password = readFileSync(`${folders.postgres}/password`, 'utf8').trim()
    this.#urlOf = (domain) => `postgres://postgres:${password}@127.0.0.1:${ports.postgres}/${domain}`
  }

  /** Waits until every event has left again and was heard, and all that the gateway did is on the books. */
  async reconcile(reconciliation: string): Promise<Reconciled> {
    const end = Date.now() + PATIENCE_MS
    let isAtRest = await this.#rest(reconciliation, end)
    const findings = await this.#findings(reconciliation)
    const { cancelled, leftOver } = await this.#cancelRefunded(findings)
    if (cancelled.length > 0) isAtRest = await this.#rest(reconciliation, end)
    await this.#tick('audit-shop')
    const [audit] = await rowsOf<{ count: number }>(
      this.#urlOf('platform'),
      'select count(*)::integer as count from violations',
    )
    return { isAtRest, findings, cancelled, leftOver, violations: audit!.count }
  }

  async #rest(reconciliation: string, end: number): Promise<boolean> {
    for (let quiet = 0; quiet < 2;) {
      if (Date.now() > end) return false
      const isDone = await this.#isDone(reconciliation)
      if (!isDone) await this.#tick('reconcile-payments')
      quiet = isDone && (await this.#isQuiet()) ? quiet + 1 : 0
      await sleep(500)
    }
    return true
  }

  async #isDone(reconciliation: string): Promise<boolean> {
    const [row] = await rowsOf<{ state: string }>(
      this.#urlOf('payments'),
      'select state from reconciliations where id = $1',
      [reconciliation],
    )
    return row?.state === 'done'
  }

  /** No event has to be sent, and none is with a broker. */
  async #isQuiet(): Promise<boolean> {
    for (const domain of databaseDomains(this.folders.root)) {
      const unsent = await rowsOf(this.#urlOf(domain), 'select 1 from outbox where sent_at is null limit 1')
      if (unsent.length > 0) return false
    }
    const response = await fetch(`http://127.0.0.1:${this.ports.console}/state`)
    const { pending } = (await response.json()) as { pending: Record<string, Record<string, number>> }
    return Object.values(pending).every((broker) => Object.values(broker).every((count) => count === 0))
  }

  /** As its timer would wake it. */
  async #tick(name: string): Promise<void> {
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-id': randomUUID(), 'ce-source': '/restore' },
      ...{ 'ce-type': 'dev.knative.sources.ping', 'content-type': 'application/json' },
    }
    const url = `http://127.0.0.1:${this.ports.functions}/function/${name}`
    const response = await fetch(url, { method: 'POST', headers, body: '{}' })
    await response.arrayBuffer()
  }

  async #findings(reconciliation: string): Promise<Finding[]> {
    return rowsOf<Finding>(
      this.#urlOf('payments'),
      `select kind, reference, order_id as "orderId", amount::float8 as amount, currency
         from findings where reconciliation_id = $1 and state = 'done' order by found_at, id`,
      [reconciliation],
    )
  }

  /**
   * An order whose whole money had gone back was off: it is cancelled again, by the shop's own operation, so that it is
   * not sent to anybody and its stock is free. What was returned in part is for a person to decide.
   */
  async #cancelRefunded(findings: readonly Finding[]) {
    const refunds = findings.filter(({ kind }) => kind === 'refunded')
    const ids = [...new Set(refunds.map(({ orderId }) => orderId!))]
    const rows = await rowsOf<{ id: string; off: boolean; open: boolean }>(
      this.#urlOf('orders'),
      `select id, payment_status = 'refunded' as off, status in ('awaiting-payment', 'confirmed') as open
         from orders where id = any($1) and status not in ('cancelled', 'rejected', 'returned')`,
      [ids],
    )
    const due = rows.filter(({ off, open }) => off && open).map(({ id }) => id)
    const cancelled = due.length === 0 ? [] : await this.#cancel(due)
    const leftOver = rows.map(({ id }) => id).filter((id) => !cancelled.includes(id))
    return { cancelled, leftOver }
  }

  async #cancel(ids: string[]): Promise<string[]> {
    const shop = new Shop(`http://127.0.0.1:${this.ports.gateway}`, '')
    const { adminPassword } = secretsIn(this.folders.secrets).secrets
    // Its password may have been changed; then the orders are named as left over.
    const token = await shop.logIn(ADMIN_EMAIL, adminPassword).catch(() => undefined)
    if (token === undefined) return []
    const reason = 'Its payment had gone back before the shop was restored from a backup.'
    const done: string[] = []
    for (const id of ids) {
      const { status } = await shop.call(`POST /v1/orders/${id}/cancellation`, { reason }, { token })
      if (status === 202) done.push(id)
    }
    return done
  }
}
