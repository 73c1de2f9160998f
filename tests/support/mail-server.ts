import { createServer, type AddressInfo, type Socket } from 'node:net'

/** The stages of an SMTP session whose answer a test may choose; `message` is the end of the mail's text. */
export type Stage = 'greeting' | 'MAIL FROM' | 'RCPT TO' | 'DATA' | 'message'

const USUAL: Record<Stage, string> = {
  greeting: '220 ready',
  'MAIL FROM': '250 ok',
  'RCPT TO': '250 ok',
  DATA: '354 go on',
  message: '250 taken',
}

/** A mail as the server took it: whom it is for, and its source. */
export interface TakenMail {
  to: string
  source: string
}

/**
 * A mail server (RFC 5321) on a free port that takes mail and keeps it, or answers what the test says: the moods of
 * real servers, which a mailbox for looking at does not have.
 */
export async function startMailServer() {
  const taken: TakenMail[] = []
  const answers = new Map<Stage, string | Promise<string>>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    void converse(socket, taken, async (stage) => answers.get(stage) ?? USUAL[stage]).catch(() =>
      socket.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, taken, answers, close }
}

async function converse(
  socket: Socket,
  taken: TakenMail[],
  answerTo: (stage: Stage) => Promise<string>,
): Promise<void> {
  const say = (line: string) => socket.write(`${line}\r\n`)
  say(await answerTo('greeting'))
  let heard = ''
  let to = ''
  let isMessage = false
  for await (const bytes of socket as AsyncIterable<Buffer>) {
    heard += bytes.toString('utf8')
    for (let end = endOf(heard, isMessage); end >= 0; end = endOf(heard, isMessage)) {
      const said = heard.slice(0, end)
      heard = heard.slice(end + (isMessage ? 5 : 2))
      const stage: Stage | undefined = isMessage ? 'message' : stageOf(said)
      if (stage === 'RCPT TO') to = /<(.*)>/.exec(said)?.[1] ?? ''
      const answer: string = stage === undefined ? '250 ok' : await answerTo(stage)
      if (isMessage && answer.startsWith('2')) taken.push({ to, source: said })
      isMessage = stage === 'DATA' && answer.startsWith('354')
      say(answer)
    }
  }
}

const endOf = (heard: string, isMessage: boolean) => heard.indexOf(isMessage ? '\r\n.\r\n' : '\r\n')

const stageOf = (line: string): Stage | undefined =>
  (['MAIL FROM', 'RCPT TO', 'DATA'] as const).find((stage) => line.toUpperCase().startsWith(stage))
