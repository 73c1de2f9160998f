import type { Delivered } from '../scaler/deliver'
import { startTimers } from './timers'

interface Sent extends Delivered {
  service: string
}

/** Timers whose deliveries are noted and answered as the test says. */
function timersWith(answer: (sent: Sent) => Promise<number> | number, headers: Record<string, string> = {}) {
  const sent: Sent[] = []
  const work = { at: -Infinity }
  const failures: string[] = []
  const timers = startTimers({
    timers: [
      { name: 'every-minute', schedule: '* * * * *', service: 'relay-orders' },
      { name: 'hourly', schedule: '0 * * * *', service: 'audit-shop' },
    ],
    deliver: async (service, delivered) => {
      sent.push({ service, ...delivered })
      return { status: await answer(sent.at(-1)!), headers, body: Buffer.alloc(0) }
    },
    namespace: 'kiosk',
    activeSince: (_service, moment) => work.at >= moment,
    onFailure: (sentence) => failures.push(sentence),
  })
  return { timers, sent, failures, work, settled: () => new Promise(setImmediate) }
}

/** The clock stands still between two minutes: only the tests tick. */
beforeEach(() => {
  const now = new Date('2026-03-01T10:00:30Z')
  jest.useFakeTimers({ now, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
})
afterEach(() => jest.useRealTimers())

const at = (time: string) => new Date(`2026-03-01T${time}Z`)

test('fires every timer once after the start, then by its schedule', async () => {
  const { timers, sent, settled } = timersWith(() => 204)
  await settled()
  const first = sent.splice(0).map(({ service }) => service)

  await timers.tick(at('10:07:00'))
  await timers.tick(at('11:00:00'))
  await timers.stop()

  expect(first).toEqual(['relay-orders', 'audit-shop'])
  expect(sent.map(({ service }) => service)).toEqual(['relay-orders', 'relay-orders', 'audit-shop'])
})

test("sends a PingSource's event, each with an id of its own", async () => {
  const { timers, sent, settled } = timersWith(() => 204)
  await settled()
  await timers.stop()

  const [{ headers, body }, other] = sent as [Sent, Sent]

  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-type': 'dev.knative.sources.ping',
    'ce-source': '/apis/v1/namespaces/kiosk/pingsources/every-minute',
  })
  expect(body).toBe('{}')
  expect(headers['ce-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(headers['ce-id']).not.toBe(other.headers['ce-id'])
})

test('delivers again at the next minute what was not taken, and says so', async () => {
  const statuses = [204, 503, 204]
  const { timers, sent, failures, settled } = timersWith(({ service }) =>
    service === 'audit-shop' ? statuses.pop()! : 204,
  )
  statuses.reverse()
  await settled()

  await timers.tick(at('10:00:00'))
  await timers.tick(at('10:01:00'))
  await timers.tick(at('10:02:00'))
  await timers.stop()

  expect(sent.filter(({ service }) => service === 'audit-shop')).toHaveLength(3)
  expect(failures).toEqual(['the tick of hourly was not taken by audit-shop: it answered 503'])
})

test('never gives a function a tick while it is busy with another', async () => {
  let finish: () => void = () => undefined
  const { timers, sent, settled } = timersWith(({ service }) =>
    service === 'relay-orders' ? new Promise<number>((resolve) => (finish = () => resolve(204))) : 204,
  )
  await settled()

  await timers.tick(at('10:01:00'))
  const during = sent.length
  finish()
  await timers.stop()

  expect(during).toBe(1)
})

test('leaves a function alone that has nothing to do, until its domain works again', async () => {
  const { timers, sent, work, settled } = timersWith(() => 204, { 'kiosk-timer': 'idle' })
  await settled()
  sent.length = 0

  await timers.tick(at('10:01:00'))
  expect(sent).toHaveLength(0)

  work.at = performance.now()
  await timers.tick(at('10:02:00'))
  await timers.tick(at('10:03:00'))
  await timers.stop()

  expect(sent.map(({ service }) => service)).toEqual(['relay-orders'])
})
