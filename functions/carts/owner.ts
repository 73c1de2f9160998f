import { randomBytes } from 'node:crypto'
import type { Caller } from '#runtime/caller'
import type { Reply } from '#runtime/reply'

/** Whose cart it is, how long it is kept untouched, and what an answer about it carries. */
export interface Owner {
  /** Unique among members and guests: a guest's token can never name a member's cart. */
  name: string
  /** Seconds. */
  keptFor: number
  headers: Record<string, string>
}

/** A port: makes the token of a new guest's cart. */
export type NewToken = () => string

/** The token is all that protects a guest's cart: 256 random bits, not an id that tells its time. */
export const unguessable = (): NewToken => () => randomBytes(32).toString('base64url')

const TOKEN = /^[\w-]{43}$/
const DAY = 86_400

export const member = (accountId: string): Owner => ({
  name: `member:${accountId}`,
  keptFor: 180 * DAY,
  headers: {},
})

const guest = (token: string): Owner => ({
  name: `guest:${token}`,
  keptFor: 30 * DAY,
  headers: { 'Kiosk-Cart': token },
})

/** The guest whose cart a Kiosk-Cart header names; nobody if it is no token. */
export const guestOf = (header: string | string[] | undefined): Owner | undefined =>
  typeof header === 'string' && TOKEN.test(header) ? guest(header) : undefined

/** A guest without a token, or with something that is none, gets a new cart and is told its token. */
export function ownerOf({ kind, id }: Caller, newToken: NewToken): Owner {
  if (kind === 'member') return member(id)
  return guest(TOKEN.test(id) ? id : newToken())
}

/** An answer to the cart's owner; a guest learns from it which cart is theirs. */
export const toOwner = <R extends Reply>({ headers }: Owner, reply: R): R => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})
