import { join } from 'node:path'
import { startTestServers, type TestServers } from './test-servers'

declare global {
  /** Set by the run's set-up for its tear-down: jest gives the two no other common ground. */
  var kioskTestServers: TestServers | undefined
}

/**
 * Once for each test run: one Postgres with a migrated template for each domain, one Redis behind its REST front, one
 * NATS server with JetStream. Test files find them in `process.env`.
 */
export default async function globalSetup(): Promise<void> {
  const servers = await startTestServers(join(__dirname, '..', '..'))
  globalThis.kioskTestServers = servers
  process.env['KIOSK_TEST_POSTGRES_URL'] = servers.postgresUrl
  process.env['KIOSK_TEST_REDIS_REST_URL'] = servers.redisRestUrl
  process.env['KIOSK_TEST_REDIS_TOKEN'] = servers.redisToken
  process.env['KIOSK_TEST_NATS_URL'] = servers.natsUrl
}
