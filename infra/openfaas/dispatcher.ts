import { logWith } from '#runtime/log'
import { type Dispatch, startDispatch } from './dispatch'
import dispatch from './dispatch.json'

/**
 * Delivers events and ticks to the functions on OpenFaaS: NATS_URL is a nats-server with JetStream, GATEWAY_URL
 * OpenFaaS's gateway, PORT where the brokers' ingress listens (8081), REDELIVER_AFTER_MS how long a killed dispatcher's
 * events wait (10,000).
 */
async function main({ env }: NodeJS.Process): Promise<void> {
  const log = logWith({ program: 'dispatcher' })
  const { NATS_URL: natsUrl, GATEWAY_URL: gatewayUrl, PORT = '8081', REDELIVER_AFTER_MS } = env
  if (!natsUrl || !gatewayUrl) throw new Error('NATS_URL or GATEWAY_URL is not set')
  const dispatching = await startDispatch({
    dispatch: dispatch as Dispatch,
    natsUrl,
    gatewayUrl,
    port: Number(PORT),
    host: '0.0.0.0',
    ...(REDELIVER_AFTER_MS !== undefined && { redeliverAfterMs: Number(REDELIVER_AFTER_MS) }),
    log,
  })
  const { brokers, triggers, timers } = dispatch
  const counts = { brokers: brokers.length, triggers: triggers.length, timers: timers.length }
  log.info('ready', { url: dispatching.url, ...counts })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void dispatching.stop().then(() => process.exit(0)))
  }
}

// A rejection ends the process with its message; whoever runs it starts it again.
void main(process)
