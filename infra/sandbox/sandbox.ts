import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { front } from './front'
import { Journal } from './journal'
import { Ledger, type Entry } from './ledger'
import { Notices } from './notices'
import { Till } from './till'

export interface SandboxOptions {
  /** 0 takes any free port. */
  port: number
  /** Where its journal is kept; the same folder is the same gateway, with everything it ever did. */
  folder: string
  /** What the shop proves itself with: `Authorization: Bearer <apiKey>`. */
  apiKey: string
  /** What notices are signed with: `whsec_` and base64, or any text. */
  noticeSecret: string
  /** Where notices are sent. */
  noticeUrl: string
  /** From an answer to the first notice of its outcome, and from a pending charge to its capture; 1 s when not given. */
  noticeDelayMs?: number
  /** How long `pm_slow` takes. */
  slowMs?: number
  /** The time that its notices are signed with; the system's when not given. */
  now?: () => Date
  /** Where it listens; the loopback address when not given. */
  listen?: string
}

export interface Sandbox {
  url: string
  /** Stops at once, as a kill would, but for closing its file. */
  stop(): Promise<void>
}

/**
 * Starts a payment gateway that behaves like a real one, with test methods instead of money. What it did is on the disk
 * before it answers, since the outside world forgets nothing when a shop is killed; notices go on after a restart.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, folder, apiKey, noticeSecret, noticeUrl, listen = '127.0.0.1' } = options
  const { noticeDelayMs = 1_000, slowMs = 5_000, now } = options
  const { journal, entries } = await Journal.open<Entry>(join(folder, 'journal.jsonl'))
  const ledger = new Ledger()
  for (const entry of entries) ledger.apply(entry)

  const settled = () => journal.settled()
  const delivered = (noticeId: string) => {
    const entry = { is: 'delivered', noticeId } as const
    ledger.apply(entry)
    journal.append(entry)
  }
  const notices = new Notices({
    url: noticeUrl,
    secret: noticeSecret,
    settled,
    delivered,
    ...(now && { now }),
  })
  const till = new Till(ledger, journal, { slowMs, noticeDelayMs }, (notice) => notices.add(notice))
  const answer = front({ till, ledger, apiKey, settled })
  const server = createServer((message, response) => void answer(message, response))
  const stop = async () => {
    till.stop()
    notices.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await journal.close()
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => void stop().finally(() => reject(error)))
    server.listen(port, listen, resolve)
  })
  for (const notice of ledger.undelivered.values()) notices.add(notice)
  return { url: `http://${listen}:${(server.address() as AddressInfo).port}`, stop }
}
