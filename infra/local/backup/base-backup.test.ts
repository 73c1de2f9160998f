import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { foldersOf } from '../layout'
import { ownPorts } from '#support/ports'
import { startPostgres, type Postgres } from '../services/postgres'
import { rowsOf } from '../rows'
import { withPostgres } from './server'
import { takeBackup } from './take'
import { unpack } from './unpack'

/** Two domains of which one hears of the other, on a real server that is written to without pause. */
describe('a backup of a server at work', () => {
  const folders = foldersOf(process.cwd(), mkdtempSync(join(tmpdir(), 'kiosk-base-backup-')))
  const file = join(folders.state, 'a.tar.gz')
  const quiet = { step: <T>(_: string, work: Promise<T>) => work, note: () => undefined }
  let postgres: Postgres

  beforeAll(async () => {
    const [port] = (await ownPorts(1)) as [number]
    const { postgres: folder, run: runFolder } = folders
    postgres = await startPostgres({ folder, port, runFolder })
    await postgres.createDomains(['first', 'second'])
    for (const domain of ['first', 'second']) {
      await rowsOf(postgres.urlOf(domain), 'create table facts (number integer primary key, padding text)')
    }
    await rowsOf(
      postgres.urlOf('first'),
      `create table churn as select 0 as number, repeat('x', 2000) as text`,
    )
  }, 180_000)
  afterAll(async () => {
    await postgres.stop()
    rmSync(folders.state, { recursive: true, force: true })
  })

  test('has all domains as of one moment, with whole pages, and leaves nothing behind at the server', async () => {
    const state = { on: true, written: 0 }
    const connected = async (domain: string) => {
      const client = new pg.Client({ connectionString: postgres.urlOf(domain) })
      await client.connect()
      return client
    }
    const [first, second] = [await connected('first'), await connected('second')]
    const insert = `insert into facts values ($1, repeat('y', 500))`
    const tell = async () => {
      for (let number = 1; state.on; number++) {
        await first.query(insert, [number])
        await second.query(insert, [number])
        state.written = number
      }
    }
    const churning = await connected('first')
    const churn = async () => {
      while (state.on) {
        await churning.query(
          `insert into churn select n, repeat('z', 2000) from generate_series(1, 500) as n`,
        )
        await churning.query('delete from churn where number % 2 = 0')
        await churning.query('vacuum churn')
        await churning.query('truncate churn')
      }
    }
    // Each lets the server forget log that the copy needs, and begin a recovery behind what was copied first.
    const checkpoint = async () => {
      while (state.on) await rowsOf(postgres.adminUrl, 'checkpoint')
    }
    const work = Promise.all([tell(), churn(), checkpoint()])
    const before = state.written
    const taken = await takeBackup(postgres.adminUrl, folders, file, quiet)
    const after = state.written
    state.on = false
    await work
    await Promise.all([first, second, churning].map((client) => client.end()))

    const draft = join(folders.state, 'restored')
    const unpacked = await unpack(file, draft, folders.root)
    const restored = await withPostgres(
      join(draft, 'postgres'),
      join(folders.state, 'run-2'),
      async (copy) => {
        const of = async (domain: string) => {
          const [row] = await rowsOf<{ count: number; max: number }>(
            copy.urlOf(domain),
            'select count(*)::integer as count, coalesce(max(number), 0) as max from facts',
          )
          return row!
        }
        await rowsOf(copy.urlOf('first'), 'select count(*), sum(length(text)) from churn')
        return { first: await of('first'), second: await of('second') }
      },
    )

    expect(restored.first.count).toBe(restored.first.max)
    expect(restored.second.count).toBe(restored.second.max)
    expect([0, 1]).toContain(restored.first.max - restored.second.max)
    expect(restored.second.max).toBeGreaterThanOrEqual(before)
    expect(restored.second.max).toBeLessThanOrEqual(after)
    expect(after).toBeGreaterThan(before)
    expect(unpacked.moment).toBe(taken.moment)
    expect(await rowsOf(postgres.adminUrl, 'select slot_name from pg_replication_slots')).toEqual([])
    expect(readdirSync(folders.state).filter((name) => name.endsWith('.part'))).toEqual([])
  }, 240_000)

  test('that cannot be written says so, and the server has forgotten it', async () => {
    const blocked = join(folders.state, 'blocked')
    mkdirSync(`${blocked}.part/full`, { recursive: true })

    await expect(takeBackup(postgres.adminUrl, folders, blocked, quiet)).rejects.toThrow()

    expect(await rowsOf(postgres.adminUrl, 'select slot_name from pg_replication_slots')).toEqual([])
    expect((await takeBackup(postgres.adminUrl, folders, `${blocked}-2`, quiet)).bytes).toBeGreaterThan(1000)
  }, 180_000)
})
