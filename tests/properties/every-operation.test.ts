import fc from 'fast-check'
import { ask, type Answer } from '#support/ask'
import { described } from '#support/api'
import { IMBALANCE } from '#support/stock'
import { operations } from '#support/tree'
import { openFront } from './front'
import { faultIn } from './verdict'
import { wishFor, type Wish } from './requests'

/** A loaded machine takes longer, and is no reason to fail. */
const PATIENCE_MS = 240_000

/** The same cases each time, unless another seed is asked for; KIOSK_RUNS times as many of them. */
const seed = Number(process.env['KIOSK_SEED'] ?? 42)
const RUNS = Number(process.env['KIOSK_RUNS'] ?? 1)

const { all } = described()
const repeatable = new Set(
  operations().flatMap(({ http = [], idempotent }) => (idempotent !== undefined ? http : [])),
)

describe('whatever is asked, in whatever order and however often', () => {
  const front = openFront()

  const succeeded = new Set<string>()
  const send = async ({ route, path, caller, headers, body }: Wish): Promise<Answer> => {
    const [method] = route.split(' ') as [string]
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const answer = await ask(Number(new URL(front.url()).port), path, {
      method,
      headers: {
        ...headers,
        ...front.proof(caller, bytes),
        ...(bytes && { 'content-length': String(bytes.length) }),
      },
      ...(bytes && { body: bytes }),
    })
    if (answer.status < 300) succeeded.add(route)
    return answer
  }
  /** What went wrong with a wish: an answer that is not promised, or a repetition that was not one. */
  const faultsOf = async (wish: Wish): Promise<string[]> => {
    const answers: Answer[] = []
    const turns = Array.from({ length: wish.times }, (_, nth) => nth)
    if (wish.atOnce) answers.push(...(await Promise.all(turns.map(() => send(wish)))))
    else for (const _ of turns) answers.push(await send(wish))
    const faults = answers.flatMap((answer) => faultIn(wish.route, answer) ?? [])
    const [first] = answers
    const isRepeated =
      !wish.atOnce && first!.status < 300 && repeatable.has(wish.route) && 'Idempotency-Key' in wish.headers
    const others = isRepeated
      ? answers.filter(({ status, body }) => status !== first!.status || body !== first!.body)
      : []
    return [
      ...faults,
      ...others.map(({ status, body }) => `another answer to a repetition: ${status} ${body}`),
    ]
  }
  const promised = async (wish: Wish) => expect(await faultsOf(wish)).toEqual([])

  test(
    'every operation answers as its document says, never 5xx',
    async () => {
      const destructive = ({ route }: { route: string }) => Number(route.startsWith('DELETE'))
      for (const one of all.toSorted((a, b) => destructive(a) - destructive(b))) {
        await fc.assert(fc.asyncProperty(wishFor(one), promised), {
          seed,
          numRuns: 15 * RUNS,
          endOnFailure: true,
        })
      }
    },
    PATIENCE_MS * RUNS,
  )

  test('the requests lead into the shop, and not only to its doors', () => {
    expect(succeeded.size).toBeGreaterThan(all.length * 0.7)
  })

  test(
    'operations in any order leave a state that adds up',
    async () => {
      const wishes = fc.array(fc.oneof(...all.map(wishFor)), { minLength: 5, maxLength: 25 })
      const inOrder = async (some: Wish[]) => {
        for (const wish of some) await promised(wish)
        expect(await contradictions()).toEqual([])
      }

      await fc.assert(fc.asyncProperty(wishes, inOrder), { seed, numRuns: 20 * RUNS, endOnFailure: true })
    },
    PATIENCE_MS * RUNS,
  )

  /** Rows that contradict others; each sentence is a promise about all data. */
  const contradictions = async () => {
    const found = await Promise.all([
      front.domain('stock').rows(IMBALANCE),
      front.domain('stock').rows('select * from levels where reserved not between 0 and on_hand'),
      front.domain('orders').rows(
        `select id from orders where id not like 'o-%'
            and id not in (select event ->> 'subject' from outbox where event ->> 'type' like '%.order-placed.v1')`,
      ),
      front.domain('orders').rows(
        `select id, total from orders where total <> (
           select sum((line ->> 'quantity')::bigint * (line ->> 'unitPrice')::bigint) from jsonb_array_elements(lines) as line)`,
      ),
      front.domain('payments').rows('select * from payments where captured > amount or refunded > captured'),
      front.domain('catalog').rows('select sku from products where price > list_price or price < 0'),
    ])
    return found.flat()
  }
})
