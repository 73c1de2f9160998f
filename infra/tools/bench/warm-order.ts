import { Agent, request } from 'node:http'
import { connect, StorageType, type JetStreamClient } from 'nats'
import pg from 'pg'
import { settled, type BenchPlatform } from './bench-platform'
import { BARE_SERVER, startAnswering } from './first-answer'
import type { Leftovers } from './leftovers'
import { CHAIN, orderToMail, WISH, type Customer } from './purchase'
import { median, type Row } from './row'

const TIMES = 20
const WARM_UPS = 3
const PAUSE_MS = 100
const TARGET_MS = 300

/**
 * From an order to its mail when every function has a process. Held against what cannot be left out of it, one after
 * another on the same servers: a request to each function, a commit in each, an event between each two of them.
 */
export async function measureWarmOrder(
  platform: BenchPlatform,
  customer: Customer,
  left: Leftovers,
): Promise<Row[]> {
  const floor = await openFloor(platform, left)
  const taken: number[] = []
  const least: number[] = []
  for (let round = 0; round < WARM_UPS + TIMES; round++) {
    const ms = await orderToMail(platform, customer)
    // What the order sets off beside the mail is not to disturb the floor.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    const leastMs = await floor()
    if (round < WARM_UPS) continue
    taken.push(ms)
    least.push(leastMs)
  }
  await settled(platform)
  const what = `${CHAIN.length} bare requests, ${CHAIN.length} commits, ${CHAIN.length - 1} publishes to JetStream`
  return [
    {
      what: 'order to mail, all functions warm',
      unit: 'ms',
      value: median(taken),
      n: TIMES,
      floor: { what, value: median(least) },
      target: TARGET_MS,
    },
  ]
}

/** Answers a way to do once, and time, what every order needs at least. */
async function openFloor(platform: BenchPlatform, left: Leftovers): Promise<() => Promise<number>> {
  const { url } = await startAnswering(BARE_SERVER, left)
  const agent = new Agent({ keepAlive: true })
  left.add(async () => agent.destroy())
  const jetstream = await openStream(platform.natsUrl, left)
  const client = new pg.Client({ connectionString: platform.adminUrl })
  client.on('error', () => undefined)
  await client.connect()
  left.add(() => client.end())
  await client.query('create table facts (fact text)')

  const fact = JSON.stringify(WISH)
  return async () => {
    const began = performance.now()
    for (let step = 0; step < CHAIN.length; step++) {
      await ask(url, agent)
      await client.query('insert into facts (fact) values ($1)', [fact])
      if (step < CHAIN.length - 1) await jetstream.publish('bench', fact)
    }
    return performance.now() - began
  }
}

async function openStream(servers: string, left: Leftovers): Promise<JetStreamClient> {
  const connection = await connect({ servers })
  left.add(() => connection.close())
  const manager = await connection.jetstreamManager()
  await manager.streams.add({ name: 'BENCH', subjects: ['bench'], storage: StorageType.File })
  return connection.jetstream()
}

const ask = (url: string, agent: Agent) =>
  new Promise<void>((resolve, reject) => {
    const asked = request(url, { agent }, (answer) => {
      answer.resume()
      answer.once('end', resolve)
    })
    asked.once('error', reject)
    asked.end()
  })
