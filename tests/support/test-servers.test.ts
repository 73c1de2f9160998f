import { Redis } from '@upstash/redis'
import { connect } from 'nats'
import pg from 'pg'
import { domainsOf, templateOf } from './postgres-server'

describe('the servers of a test run', () => {
  const { env } = process

  test('are a Postgres with a migrated template for each domain', async () => {
    const client = new pg.Client({ connectionString: env['KIOSK_TEST_POSTGRES_URL'] })
    await client.connect()
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where datname like 'template\\__%' and datname !~ '^template[01]$'`,
    )
    await client.end()

    const templates = domainsOf(`${__dirname}/../..`).map(templateOf)
    expect(rows.map(({ datname }) => datname).sort()).toEqual(templates)
  })

  test('are a Redis over REST', async () => {
    const redis = new Redis({ url: env['KIOSK_TEST_REDIS_REST_URL']!, token: env['KIOSK_TEST_REDIS_TOKEN']! })

    await expect(redis.ping()).resolves.toBe('PONG')
  })

  test('are a NATS with JetStream', async () => {
    const nats = await connect({ servers: env['KIOSK_TEST_NATS_URL']! })

    const account = await (await nats.jetstreamManager()).getAccountInfo()
    await nats.close()

    expect(account).toMatchObject({
      streams: expect.any(Number) as number,
      limits: expect.anything() as object,
    })
  })
})
