import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ownPorts } from '#support/ports'
import { startPostgres, type Postgres } from './postgres'

describe('Postgres of the embedded platform', () => {
  const home = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-postgres-`))
  const folder = join(home, 'postgres')
  const runFolder = join(home, 'run')
  let port = 0
  let postgres: Postgres

  beforeAll(async () => {
    ;[port = 0] = await ownPorts(1)
    postgres = await startPostgres({ folder, port, runFolder })
    await postgres.createDomains(['catalog', 'orders'])
  })
  afterAll(async () => {
    await postgres.stop()
    rmSync(home, { recursive: true })
  })

  const query = async (url: string, text: string) => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }

  test('listens on the loopback address alone, for many connections, and waits for the disk', async () => {
    const [found] = await query(
      postgres.adminUrl,
      `select current_setting('listen_addresses') as listen, current_setting('max_connections') as connections,
              current_setting('fsync') as fsync, current_setting('server_encoding') as encoding`,
    )

    expect(found).toEqual({ listen: '127.0.0.1', connections: '500', fsync: 'on', encoding: 'UTF8' })
  })

  test('keeps its password from everyone else', () => {
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600)
  })

  test('gives each domain a database of its own, which no other may enter', async () => {
    await query(postgres.urlOf('orders'), 'create table mine (id text primary key)')
    const trespass = new URL(postgres.urlOf('catalog'))
    trespass.pathname = '/orders'

    await expect(query(trespass.href, 'select 1')).rejects.toThrow('permission denied for database "orders"')
    await expect(query(postgres.urlOf('orders'), `alter role orders superuser`)).rejects.toThrow('denied')
  })

  test('has trigram search and unaccent in every domain, for letters of any language', async () => {
    const [found] = await query(
      postgres.urlOf('catalog'),
      `select unaccent('Thé glacé') as plain, show_trgm('чай') <> '{}' as cyrillic, lower('ÉTÉ') as lower`,
    )

    expect(found).toEqual({ plain: 'The glace', cyrillic: true, lower: 'été' })
  })

  test('makes what is missing when asked again, and nothing twice', async () => {
    await postgres.createDomains(['catalog', 'orders', 'stock'])

    await expect(query(postgres.urlOf('stock'), 'select 1 as one')).resolves.toEqual([{ one: 1 }])
    await expect(query(postgres.urlOf('orders'), 'select * from mine')).resolves.toEqual([])
  })

  test('is back after kill -9 with everything that was committed', async () => {
    await query(postgres.urlOf('orders'), `insert into mine values ('kept')`)
    const before = postgres.pid() ?? 0

    process.kill(before, 'SIGKILL')
    const killedAt = Date.now()
    const again = async (): Promise<unknown> =>
      query(postgres.urlOf('orders'), 'select * from mine').catch(async (error: unknown) => {
        if (Date.now() - killedAt > 20_000) throw error
        await sleep(20)
        return again()
      })

    await expect(again()).resolves.toEqual([{ id: 'kept' }])
    expect(postgres.pid()).not.toBe(before)
  })

  test('keeps data and passwords over a restart', async () => {
    const url = postgres.urlOf('orders')
    await postgres.stop()
    postgres = await startPostgres({ folder, port, runFolder })

    expect(postgres.urlOf('orders')).toBe(url)
    await expect(query(url, 'select * from mine')).resolves.toEqual([{ id: 'kept' }])
  })

  test('refuses a port that is taken in one sentence', async () => {
    await expect(startPostgres({ folder: join(home, 'second'), port, runFolder })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is already in use, and Postgres needs it`,
    )
  })

  // Whoever only waits for it to serve waits for a minute.
  test.each([
    ['pg_control', 'could not read file "global/pg_control": read 10 of 296'],
    ['pg_filenode.map', 'could not read file "global/pg_filenode.map": read 10 of 524'],
  ])(
    'says at its first start that %s is broken, and what to do',
    async (name, cause) => {
      await postgres.stop()
      const file = join(folder, 'data/global', name)
      const whole = readFileSync(file)
      truncateSync(file, 10)

      await expect(startPostgres({ folder, port, runFolder })).rejects.toThrow(
        `The databases in ${folder} cannot be read (${cause}): restore a backup of it, or run ` +
          '"npm start -- --fresh" to begin anew, which forgets all data.',
      )

      truncateSync(file, 0)
      appendFileSync(file, whole)
      postgres = await startPostgres({ folder, port, runFolder })
      expect(readdirSync(runFolder)).toEqual(['postgres.json'])
    },
    50_000,
  )

  test('opens data that was copied by root, so that neither owner nor mode are right', async () => {
    await postgres.stop()
    const data = join(folder, 'data')
    const { uid } = statSync(data)
    if (process.getuid?.() === 0) chownSync(data, 0, 0)
    chmodSync(data, 0o755)

    postgres = await startPostgres({ folder, port, runFolder })

    expect([statSync(data).uid, statSync(data).mode & 0o777]).toEqual([uid, 0o700])
  })
})
