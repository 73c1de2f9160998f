import { randomUUID } from 'node:crypto'
import { Shop } from '../client'
import { startBareBroker } from './bare-broker'
import type { BenchPlatform } from './bench-platform'
import { openCountingWire } from './counting-wire'
import { startAnswering } from './first-answer'
import type { Leftovers } from './leftovers'
import { orderCommitter } from './order-rows'
import { placeOrderProcess } from './place-order-process'
import { WISH, type Customer } from './purchase'
import { median, type Row } from './row'

const TIMES = 5
const TARGET = 3
/** Longer than an answer takes, so that marking the event as sent is not counted before the answer is there. */
const BROKER_DELAY_MS = 250
const PAUSE_MS = 600

/**
 * Round trips to Postgres of one order, counted on the wire: until the answer, and with the one after it that marks the
 * event as sent. Held against one transaction with the same rows through the same wire.
 */
export async function measureRoundTrips(
  platform: BenchPlatform,
  { token }: Customer,
  left: Leftovers,
): Promise<Row[]> {
  const environment = platform.placeOrderEnvironment()
  const wire = await openCountingWire(environment.DATABASE_URL, left)
  const K_SINK = await startBareBroker(left, BROKER_DELAY_MS)
  const program = placeOrderProcess({ ...environment, DATABASE_URL: wire.url, K_SINK }, left.folder('code'))
  const { url, stop } = await startAnswering(program, left)
  const shop = new Shop(url, '')
  const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  const place = () => shop.expect(201, 'POST /v1/orders', WISH, { token, key: randomUUID() })
  await place()
  await pause()

  const untilAnswer: number[] = []
  const inAll: number[] = []
  for (let round = 0; round < TIMES; round++) {
    const before = wire.trips()
    await place()
    untilAnswer.push(wire.trips() - before)
    await pause()
    inAll.push(wire.trips() - before)
  }
  await stop()
  const floor = {
    what: 'one transaction with the same rows',
    value: await leastTrips(wire.url, wire.trips, left),
  }
  const common = { unit: 'times', n: TIMES, floor } as const
  return [
    {
      ...common,
      what: 'round trips to Postgres of place-order, until its answer',
      value: median(untilAnswer),
      target: TARGET,
    },
    {
      ...common,
      what: 'round trips to Postgres of place-order, event marked as sent',
      value: median(inAll),
    },
  ]
}

async function leastTrips(url: string, trips: () => number, left: Leftovers): Promise<number> {
  const commit = orderCommitter(url, left)
  await commit()
  const before = trips()
  await commit()
  return trips() - before
}
