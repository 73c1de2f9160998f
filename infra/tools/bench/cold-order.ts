import { settled, type BenchPlatform } from './bench-platform'
import { BARE_SERVER, firstAnswerMs } from './first-answer'
import type { Leftovers } from './leftovers'
import { CHAIN, orderToMail, type Customer } from './purchase'
import { median, type Row } from './row'

const TIMES = 5
const TARGET_S = 3

/**
 * From an order to its mail when none of the functions it passes has a process: the platform is started anew before each.
 * Held against starting as many bare servers one after another. Leaves the platform running and warm.
 */
export async function measureColdOrder(
  platform: BenchPlatform,
  customer: Customer,
  left: Leftovers,
): Promise<Row[]> {
  const taken: number[] = []
  const bare: number[] = []
  for (let round = 0; round < TIMES; round++) {
    await platform.stop()
    await platform.start()
    // The timers look after what a crash may have left; that work is not the order's.
    await settled(platform)
    await expectColdStarts(platform, 0)
    taken.push(await orderToMail(platform, customer))
    await expectColdStarts(platform, 1)
    await settled(platform)
    bare.push(await firstAnswerMs(BARE_SERVER, left))
  }
  const floor = {
    what: `${CHAIN.length} starts of a bare node:http server`,
    value: (CHAIN.length * median(bare)) / 1000,
  }
  const what = 'order to mail, all functions cold'
  return [{ what, unit: 's', value: median(taken) / 1000, n: TIMES, floor, target: TARGET_S }]
}

/** Proves that what is called cold was cold. */
async function expectColdStarts(platform: BenchPlatform, count: number): Promise<void> {
  const states = await platform.functions()
  const wrong = CHAIN.filter((name) => states.find((state) => state.name === name)?.coldStarts !== count)
  if (wrong.length > 0) throw new Error(`${wrong.join(', ')} did not have ${count} cold starts`)
}
