import { join } from 'node:path'
import { startPostgres } from '../../local/services/postgres'
import { BenchPlatform, PORTS } from './bench-platform'
import type { Leftovers } from './leftovers'
import { median, type Row } from './row'

const TIMES = 3
const TARGET_S = 10

/**
 * From `npm start` to ready, on a new state and again on the state of before; held against the same Postgres alone.
 *
 * Answers the platform of the last round too, stopped, with its state.
 */
export async function measureStartUp(left: Leftovers): Promise<{ rows: Row[]; platform: BenchPlatform }> {
  const taken = { first: [] as number[], second: [] as number[] }
  const floor = { first: [] as number[], second: [] as number[] }
  let platform: BenchPlatform | undefined
  for (let round = 0; round < TIMES; round++) {
    const folder = left.folder('postgres')
    platform = new BenchPlatform(left)
    for (const start of ['first', 'second'] as const) {
      floor[start].push(await postgresAlone(folder, left))
      taken[start].push(await platform.startByNpm())
      await platform.stop()
    }
  }
  const row = (start: 'first' | 'second', words: string, alone: string): Row => ({
    what: `\`npm start\` to ready, ${words}`,
    unit: 's',
    value: median(taken[start]) / 1000,
    n: TIMES,
    floor: { what: alone, value: median(floor[start]) / 1000 },
    target: TARGET_S,
  })
  const rows = [
    row('first', 'first start', 'initdb and start of Postgres'),
    row('second', 'second start', 'start of Postgres'),
  ]
  return { rows, platform: platform! }
}

/** Milliseconds until a Postgres with the platform's settings takes connections; the first time in a folder it is made. */
async function postgresAlone(folder: string, left: Leftovers): Promise<number> {
  const began = performance.now()
  const starting = startPostgres({ folder, port: PORTS.postgres, runFolder: join(folder, 'run') })
  const [, stop] = await left.server(starting)
  const ms = performance.now() - began
  await stop()
  return ms
}
