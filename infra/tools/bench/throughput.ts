import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import autocannon, { type Options } from 'autocannon'
import { startBareBroker } from './bare-broker'
import type { BenchPlatform } from './bench-platform'
import { startAnswering, type Program } from './first-answer'
import type { Leftovers } from './leftovers'
import { orderCommitter } from './order-rows'
import { placeOrderProcess } from './place-order-process'
import { WISH, type Customer } from './purchase'
import { median, type Row } from './row'

const CONNECTIONS = 32
const WARM_UP_S = 2
const ROUND_S = 3
const ROUNDS = 3

/**
 * Orders placed per second by one warm process of place-order, asked by 32 connections. Its events go to a broker that
 * only takes them: what the other functions make of them would be measured too. Held against both halves of the work:
 * an empty function of the functions framework asked alike, and the same rows committed by 32 loops.
 */
export async function measureThroughput(
  platform: BenchPlatform,
  { token }: Customer,
  left: Leftovers,
): Promise<Row[]> {
  const environment = platform.placeOrderEnvironment()
  const K_SINK = await startBareBroker(left)
  const folder = left.folder('throughput')
  const placeOrder = await startAnswering(placeOrderProcess({ ...environment, K_SINK }, folder), left)
  const empty = await startAnswering(emptyFunction(folder), left)
  const commit = orderCommitter(environment.DATABASE_URL, left)
  const post = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(WISH),
  } as const
  const placing: Options = {
    ...post,
    url: `${placeOrder.url}/v1/orders`,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, 'idempotency-key': randomUUID() },
        }),
      },
    ],
  }
  const asking: Options = { ...post, url: empty.url }

  const perSecond = { orders: [] as number[], empty: [] as number[], commits: [] as number[] }
  await answersPerSecond(placing, WARM_UP_S)
  await answersPerSecond(asking, WARM_UP_S)
  for (let round = 0; round < ROUNDS; round++) {
    perSecond.orders.push(await answersPerSecond(placing, ROUND_S))
    perSecond.empty.push(await answersPerSecond(asking, ROUND_S))
    perSecond.commits.push(await commitsPerSecond(commit, ROUND_S))
  }
  await placeOrder.stop()
  await empty.stop()
  const row = { unit: 'per second', value: median(perSecond.orders), n: ROUNDS } as const
  const what = `orders placed, ${CONNECTIONS} connections, one process`
  return [
    {
      ...row,
      what: `${what} (HTTP)`,
      floor: { what: 'answers of an empty framework function', value: median(perSecond.empty) },
    },
    {
      ...row,
      what: `${what} (Postgres)`,
      floor: { what: 'commits of the same rows, no HTTP', value: median(perSecond.commits) },
    },
  ]
}

/** What the functions framework serves when there is nothing to do. */
function emptyFunction(folder: string): Program {
  const source = join(folder, 'empty.cjs')
  writeFileSync(source, 'exports.empty = (request, response) => response.status(201).end()\n')
  const framework = createRequire(__filename).resolve('@google-cloud/functions-framework')
  const args = [join(framework, '../main.js'), `--source=${source}`, '--target=empty']
  return { args, ask: { method: 'POST', path: '/', status: 201 } }
}

async function answersPerSecond(options: Options, seconds: number): Promise<number> {
  const { errors, non2xx, requests } = await autocannon({
    ...options,
    connections: CONNECTIONS,
    duration: seconds,
  })
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed and ${non2xx} were refused`)
  return requests.total / seconds
}

async function commitsPerSecond(commit: () => Promise<void>, seconds: number): Promise<number> {
  const began = performance.now()
  let done = 0
  const loop = async () => {
    for (; performance.now() - began < seconds * 1000; done++) await commit()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, loop))
  return (done * 1000) / (performance.now() - began)
}
