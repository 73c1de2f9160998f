import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { listening } from '#support/door'
import { ownPorts } from '#support/ports'
import { until } from '../tools/client'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const UNSAMPLED = '4bf92f3577b34da6a3ce929d0e0e4736'

/** The host and a real function's bundle as they ship, and a collector that speaks OTLP. */
test('a span of each request that is sampled reaches the collector, in the trace of the caller', async () => {
  const received: string[] = []
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push(`${request.url} ${Buffer.concat(chunks).toString()}`)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await listening(collector)
  const [port] = await ownPorts(1)
  const host = spawn(process.execPath, ['dist/host.cjs'], {
    env: {
      PORT: String(port),
      LISTEN_ADDRESS: '127.0.0.1',
      K_SERVICE: 'publish-keys',
      KIOSK_JWKS: '{"keys":[]}',
      FUNCTION_BUNDLE: resolve('dist/functions/accounts/publish-keys.cjs'),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    },
  })
  const url = `http://127.0.0.1:${port}/.well-known/jwks.json`
  const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` }

  const answer = await until('the host', 25_000, () => fetch(url, { headers }).catch(() => undefined))
  const unsampled = { traceparent: `00-${UNSAMPLED}-b7ad6b7169203331-00` }
  const unrecorded = await fetch(url, { headers: unsampled })
  const gone = once(host, 'exit')
  host.kill('SIGTERM')
  await gone
  collector.close()

  const sent = received.join('\n')
  const span = /^00-[0-9a-f]{32}-([0-9a-f]{16})-01$/.exec(answer.headers.get('traceparent')!)![1]!
  expect(sent).toContain('/v1/traces')
  expect(sent).toContain(TRACE)
  expect(sent).toContain(span)
  expect(sent).toContain('publish-keys')
  expect(unrecorded.headers.get('traceparent')).toMatch(
    new RegExp(`^00-${UNSAMPLED}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`),
  )
  expect(sent).not.toContain(UNSAMPLED)
})
