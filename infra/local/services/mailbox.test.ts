import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import { startMailbox, type Mailbox } from './mailbox'
import { ownPorts } from '#support/ports'

describe('the mailbox of the embedded platform', () => {
  const home = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-mailbox-`))
  let ports: [smtpPort: number, webPort: number] = [0, 0]
  let mailbox: Mailbox

  const start = () =>
    startMailbox({
      smtpPort: ports[0],
      webPort: ports[1],
      folder: join(home, 'mailbox'),
      runFolder: join(home, 'run'),
    })
  beforeAll(async () => {
    ports = (await ownPorts(2)) as typeof ports
    mailbox = await start()
  })
  afterAll(async () => {
    await mailbox.stop()
    rmSync(home, { recursive: true })
  })

  interface Mail {
    subject: string
    to: { address: string }[]
    text: string
    headers: Record<string, string>
  }
  const shown = async () => (await (await fetch(`${mailbox.webUrl}/email`)).json()) as Mail[]
  const send = (subject: string) =>
    createTransport(mailbox.smtpUrl).sendMail({
      from: 'shop@kiosk.example',
      to: 'ada@example.org',
      subject,
      text: 'Thé noir, 12.50 €',
      messageId: `<${subject}@kiosk.example>`,
    })
  const expectMails = async (count: number) => {
    for (const giveUpAt = Date.now() + 20_000; (await shown()).length < count && Date.now() < giveUpAt;)
      await sleep(20)
    return shown()
  }

  test('shows what it was sent, as a page and as JSON', async () => {
    await send('first')

    const [mail, ...others] = await expectMails(1)
    expect(others).toEqual([])
    expect(mail?.subject).toBe('first')
    expect(mail?.to.map(({ address }) => address)).toEqual(['ada@example.org'])
    expect(mail?.text.trim()).toBe('Thé noir, 12.50 €')
    expect(mail?.headers['message-id']).toBe('<first@kiosk.example>')
    const page = await fetch(mailbox.webUrl)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
  })

  test('shows old mails as soon as it is started again', async () => {
    await send('second')
    await expectMails(2)

    await mailbox.stop()
    mailbox = await start()

    expect((await shown()).map(({ subject }) => subject).sort()).toEqual(['first', 'second'])
  })

  test('is back after kill -9, with its mails', async () => {
    process.kill(mailbox.pid() ?? 0, 'SIGKILL')
    const again = async (): Promise<Mail[]> =>
      expectMails(2).catch(async () => {
        await sleep(50)
        return again()
      })

    expect((await again()).map(({ subject }) => subject).sort()).toEqual(['first', 'second'])
  })

  test('refuses a port that is taken in one sentence', async () => {
    await expect(start()).rejects.toThrow(
      `Port ${ports[0]} of 127.0.0.1 is already in use, and the mailbox (SMTP)`,
    )
  })
})
