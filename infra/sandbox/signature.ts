import { createHmac } from 'node:crypto'

/**
 * The headers that prove a notice (Standard Webhooks 1.0.0, "Signature scheme", symmetric): HMAC-SHA256 over
 * `id.timestamp.body`. A secret that begins with `whsec_` is base64 behind that; any other is taken as its bytes.
 */
export function signed(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
