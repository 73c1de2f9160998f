import { request as plain, Agent } from 'node:http'
import { request as secure, Agent as SecureAgent } from 'node:https'
import { binaryEvent, type StoredEvent } from './binary-event'
import { setting, type Environment } from './operation'

/** Sends one event to the broker; resolves only when the broker has taken it (202, or any 2xx). */
export type Publish = (event: StoredEvent) => Promise<void>

const TIMEOUT_MS = 5_000

/** The broker's ingress is K_SINK, as SinkBinding injects it (Knative Eventing, "sink binding"). */
export function openPublisher(env: Environment): Publish {
  const sink = new URL(setting(env, 'K_SINK'))
  const https = sink.protocol === 'https:'
  const agent = https
    ? new SecureAgent({ keepAlive: true, maxSockets: 16 })
    : new Agent({ keepAlive: true, maxSockets: 16 })
  return (event) =>
    new Promise((resolve, reject) => {
      const { headers, body } = binaryEvent(event)
      const options = {
        method: 'POST',
        agent,
        timeout: TIMEOUT_MS,
        headers: { ...headers, 'content-length': body.length },
      }
      const request = (https ? secure : plain)(sink, options, (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          if (status >= 200 && status < 300) resolve()
          else reject(new Error(`the broker answered ${status} to ${event.type} ${event.id}`))
        })
      })
      request.on('timeout', () => request.destroy(new Error(`the broker did not answer in ${TIMEOUT_MS} ms`)))
      request.on('error', reject)
      request.end(body)
    })
}
