import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RawRequest } from '#runtime/request'

const TOLERANCE_SECONDS = 300

/**
 * The id of a notice, when its sender proved to know our secret and it was sent within five minutes of now; undefined
 * otherwise (Standard Webhooks 1.0.0, "Verifying webhook authenticity"). One of several signatures is enough, so that
 * a secret can be changed. Signatures are compared in constant time.
 */
export function signedId({ headers, body }: RawRequest, secret: string, now: Date): string | undefined {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`webhook-${name}`],
  )
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return undefined
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return undefined

  const expected = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest()
  return signatures.split(' ').some((signature) => isEqual(signature, expected)) ? id : undefined
}

/** A secret that begins with `whsec_` is base64 behind that; any other is taken as its bytes. */
const keyOf = (secret: string) =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)

function isEqual(signature: string, expected: Buffer): boolean {
  if (!signature.startsWith('v1,')) return false
  const given = Buffer.from(signature.slice(3), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
