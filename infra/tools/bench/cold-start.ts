import { BARE_SERVER, firstAnswerMs } from './first-answer'
import type { Leftovers } from './leftovers'
import { placeOrderProcess } from './place-order-process'
import { median, type Row } from './row'

const TIMES = 11
const PRIMERS = 2

/** From the spawn of place-order's process to its first answer, its compiled code kept from an earlier one. */
export async function measureColdStart(environment: Record<string, string>, left: Leftovers): Promise<Row[]> {
  const program = placeOrderProcess({ ...environment, K_SINK: 'http://127.0.0.1:9' }, left.folder('code'))
  for (let primer = 0; primer < PRIMERS; primer++) await firstAnswerMs(program, left)
  const taken: number[] = []
  const bare: number[] = []
  for (let round = 0; round < TIMES; round++) {
    taken.push(await firstAnswerMs(program, left))
    bare.push(await firstAnswerMs(BARE_SERVER, left))
  }
  const floor = { what: 'start of a bare node:http server', value: median(bare) }
  return [{ what: 'cold start of place-order', unit: 'ms', value: median(taken), n: TIMES, floor }]
}
