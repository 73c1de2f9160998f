import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { binaryEvent } from '#runtime/binary-event'
import { openDatabase } from '#runtime/database'
import { until } from '#support/payments'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { level, orderPlaced } from '#support/stock'
import { readManifests } from '../../infra/local/manifests/read-manifests'
import { postgresSettings } from '../../infra/local/services/postgres-settings'
import reserveStock from '../../functions/stock/reserve-stock/handler'

/** Connections that stay for operators, backups and replicas. */
const KEPT_BACK = 20

/** What users of other shops report: functions times instances times the size of a pool, and a database that says no to all. */
describe('Pain 10: database connections under scale-out', () => {
  const stock = openDomain('stock/reserve-stock')
  const { services } = readManifests('knative/base')
  const DEFAULT = 2
  let door: Awaited<ReturnType<typeof serve>> | undefined
  const perInstance = (env: Record<string, string>) => Number(env['DATABASE_CONNECTIONS'] ?? DEFAULT)
  /** At their most instances, by the Secret that holds the database's address. */
  const demand = new Map<string, number>()
  for (const { env, envFrom, scale } of services) {
    for (const { name } of envFrom.filter(
      ({ kind, name }) => kind === 'secret' && name.endsWith('-database'),
    )) {
      demand.set(name, (demand.get(name) ?? 0) + scale.max * perInstance(env))
    }
  }

  afterEach(async () => {
    await door?.close()
    door = undefined
  })

  test('Pain 10: one instance opens two connections, however many events it has at the same moment', async () => {
    await stock.given(level('TEA', 1_000))
    const [row] = await stock.rows<{ name: string }>('select current_database() as name')
    const env = { DATABASE_URL: `${urlOf(row!.name)}?application_name=instance` }
    door = await serve(reserveStock(operationOf('stock/reserve-stock'), { database: openDatabase }, env))
    const { type, source, dataschema } = OrderPlaced
    const tell = (id: string) => {
      const about = { id, type, source, dataschema, subject: id, time: '2026-03-01T10:00:00.000Z' }
      const event = binaryEvent({ ...about, extensions: {}, data: orderPlaced(id, { TEA: 1 }) })
      return fetch(door!.url, { method: 'POST', ...event })
    }
    const connections = async () => {
      const [counted] = await stock.rows<{ count: number; waiting: number }>(
        `select count(*), count(*) filter (where wait_event_type = 'Lock') as waiting
           from pg_stat_activity where datname = current_database() and application_name = 'instance'`,
      )
      return counted!
    }

    const answers = await stock.deps().db.transaction(async (tx) => {
      await tx.query('select from levels for update')
      const told = Array.from({ length: 40 }, (_, nth) => tell(`o${nth}`))
      await until(async () => (await connections()).waiting >= DEFAULT)
      return { told, count: (await connections()).count }
    })
    const statuses = new Set((await Promise.all(answers.told)).map(({ status }) => status))
    const after = await connections()

    expect(answers.count).toBe(DEFAULT)
    expect(after.count).toBeLessThanOrEqual(DEFAULT)
    expect(statuses).toEqual(new Set([204]))
    expect(await stock.rows('select reserved from levels')).toEqual([{ reserved: 40 }])
  })

  test('Pain 10: no instance is given more than two, whatever its manifest says', () => {
    expect(services.filter(({ env }) => perInstance(env) > DEFAULT).map(({ name }) => name)).toEqual([])
  })

  test('Pain 10: all instances of all functions together fit into the one server of a small shop', () => {
    const settings = postgresSettings({ port: 1, listen: '', fsync: true, hbaFile: undefined })
    const most = Number(settings.find((word) => word.startsWith('max_connections='))?.split('=')[1])

    expect(demand.size).toBeGreaterThanOrEqual(7)
    expect([...demand.values()].reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(most - KEPT_BACK)
  })

  interface Resource {
    kind: string
    metadata: { name: string }
    spec: {
      instances: number
      cluster?: { name: string }
      postgresql?: { parameters: { max_connections: string } }
      pgbouncer?: { poolMode: string; parameters: { max_client_conn: string; default_pool_size: string } }
    }
  }
  const resources = parseAllDocuments(readFileSync('infra/cluster/postgres/databases.yaml', 'utf8')).map(
    (document) => document.toJS() as Resource,
  )

  test.each([...demand.keys()])(
    'Pain 10: in a cluster %s has a pool in front that takes every instance and opens no more than its server has',
    (secret) => {
      const server = `${secret.replace(/-database$/, '')}-postgres`
      const cluster = resources.find(({ kind, metadata }) => kind === 'Cluster' && metadata.name === server)!
      const pooler = resources.find(({ kind, spec }) => kind === 'Pooler' && spec.cluster?.name === server)!
      const { poolMode, parameters } = pooler.spec.pgbouncer!

      const opened = pooler.spec.instances * Number(parameters.default_pool_size)
      const has = Number(cluster.spec.postgresql!.parameters.max_connections)
      expect(poolMode).toBe('transaction')
      expect(opened).toBeLessThanOrEqual(has - KEPT_BACK)
      // While a new revision replaces an old one, both are there; and any one instance of the pool may be away.
      expect(2 * demand.get(secret)!).toBeLessThanOrEqual(Number(parameters.max_client_conn))
    },
  )
})
