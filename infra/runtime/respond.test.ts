import { ServerResponse, type IncomingMessage } from 'node:http'
import pg from 'pg'
import { logWith } from './log'
import { requestProblem } from './problem'
import { refuse } from './respond'

const TRACE = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceparent: '' }

function answerTo(error: unknown) {
  const response = new ServerResponse({ method: 'GET' } as IncomingMessage)
  const written = jest.spyOn(response, 'writeHead')
  refuse(response, error, TRACE, logWith({}))
  const [status, headers] = written.mock.calls[0] as unknown as [number, Record<string, string>]
  return [status, headers['Retry-After']]
}

describe('a refusal', () => {
  test('is 503 when no connection of the pool became free in time', async () => {
    const pool = new pg.Pool({
      connectionString: process.env['KIOSK_TEST_POSTGRES_URL'],
      max: 1,
    })
    const client = await pool.connect()
    pool.options.connectionTimeoutMillis = 200
    const error: unknown = await pool.query('select 1').catch((reason: unknown) => reason)
    client.release()
    await pool.end()

    expect(answerTo(error)).toEqual([503, '1'])
  })

  test('is 503 when a statement took too long', async () => {
    const client = new pg.Client({ connectionString: process.env['KIOSK_TEST_POSTGRES_URL'] })
    await client.connect()
    await client.query('set statement_timeout = 1')
    const error: unknown = await client.query('select pg_sleep(9)').catch((reason: unknown) => reason)
    await client.end()

    expect(answerTo(error)).toEqual([503, '1'])
  })

  test('is 503 when a connection has fallen silent', async () => {
    const client = new pg.Client({
      connectionString: process.env['KIOSK_TEST_POSTGRES_URL'],
      pipeline: true,
      query_timeout: 50,
    })
    client.on('error', () => undefined)
    await client.connect()
    const error: unknown = await client.query('select pg_sleep(9)').catch((reason: unknown) => reason)

    expect(answerTo(error)).toEqual([503, '1'])
  })

  test('says when to come back if a cause of it knows', () => {
    const cause = requestProblem('unavailable', {}, { 'Retry-After': '5' })

    expect(answerTo(new Error('the gateway was not asked', { cause }))).toEqual([503, '5'])
    expect(answerTo(new Error('x', { cause: requestProblem('forbidden') }))).toEqual([500, undefined])
  })
})
