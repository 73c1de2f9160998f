import { clockIn } from '#runtime/clock'
import { startSandbox } from '../sandbox/sandbox'

/** The payment sandbox as a process of its own that can be killed, with the clock of the shop; settings as its one argument. */
async function main(): Promise<void> {
  const { clock, ...settings } = JSON.parse(process.argv[2] ?? '{}') as {
    clock: string
    port: number
    folder: string
    apiKey: string
    noticeSecret: string
    noticeUrl: string
  }
  const time = clockIn({ KIOSK_CLOCK: clock })
  const sandbox = await startSandbox({ ...settings, now: () => time.now() })
  process.once('SIGTERM', () => void sandbox.stop().then(() => process.exit(0)))
}

void main()
