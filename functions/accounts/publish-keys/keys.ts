import { setting, type Environment } from '#runtime/operation'

/** The members of a key that make it a private or a secret one (RFC 7518, section 6; RFC 8037, section 2). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** KIOSK_JWKS as it is set. A process that was given a private key by mistake does not start, and so cannot publish it. */
export function openKeys(env: Environment): { keys: object[] } {
  const set = JSON.parse(setting(env, 'KIOSK_JWKS')) as { keys: object[] }
  const secret = set.keys.some((key) => SECRET_MEMBERS.some((member) => member in key))
  if (secret) throw new Error('KIOSK_JWKS holds a private key: it is for public ones')
  return set
}
