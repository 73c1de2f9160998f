import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expectFree } from '../processes/ports'
import { supervise } from '../processes/processes'

export interface MailboxOptions {
  smtpPort: number
  /** The web page, and `GET /email` as JSON. */
  webPort: number
  /** Log and mails: one `.eml` file each, below `mails`. */
  folder: string
  /** Where running processes are recorded. */
  runFolder: string
  /** Where both listen; the loopback address when not given. */
  listen?: string
}

export interface Mailbox {
  smtpUrl: string
  webUrl: string
  pid(): number | undefined
  stop(): Promise<void>
}

/**
 * Starts a mail server that keeps every mail it is given and shows it: none leaves this machine. Mails survive a
 * restart. It is a process of its own because its parser and its page would cost the platform as much memory inside
 * it, and because one broken connection can end it.
 */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { smtpPort, webPort, folder, runFolder, listen = '127.0.0.1' } = options
  await expectFree(smtpPort, 'the mailbox (SMTP)', listen)
  await expectFree(webPort, 'the mailbox (web page)', listen)
  const mails = join(folder, 'mails')
  await mkdir(mails, { recursive: true })
  const webUrl = `http://${listen}:${webPort}`
  const server = supervise({
    name: 'mailbox',
    command: process.execPath,
    args: [
      ...['--max-semi-space-size=1', '--optimize-for-size', require.resolve('maildev/bin/maildev')],
      ...['--smtp', String(smtpPort), '--web', String(webPort), '--ip', listen],
      ...['--mail-directory', mails, '--silent'],
    ],
    logFile: join(folder, 'mailbox.log'),
    runFolder,
    ready: () => expectHealthy(webUrl),
  })
  await server.whenReady
  await oldMailsShown(webUrl, mails)
  return { smtpUrl: `smtp://${listen}:${smtpPort}`, webUrl, pid: server.pid, stop: server.stop }
}

async function expectHealthy(webUrl: string): Promise<void> {
  const { ok } = await fetch(`${webUrl}/healthz`, { signal: AbortSignal.timeout(1000) })
  if (!ok) throw new Error('the mailbox is not healthy')
}

/** It reads its folder after it began to listen. A mail cut short by a crash may never be shown: it is not waited for. */
async function oldMailsShown(webUrl: string, mails: string): Promise<void> {
  const kept = (await readdir(mails)).filter((file) => file.endsWith('.eml')).length
  const giveUpAt = Date.now() + 2000
  while (Date.now() < giveUpAt) {
    const shown = (await (await fetch(`${webUrl}/email`)).json()) as unknown[]
    if (shown.length >= kept) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
