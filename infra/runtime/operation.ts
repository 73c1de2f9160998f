/** Who may call an HTTP operation. `guest` is anyone, with a cart of their own; `gateway` is proved by a signature. */
export type CallerKind = 'anyone' | 'guest' | 'customer' | 'staff' | 'admin' | 'producer' | 'gateway'

/**
 * One operation as its folder and its function.json describe it.
 *
 * The build makes this from the path (`functions/<domain>/<name>`) and the file, so no name is typed twice.
 */
export interface Operation {
  name: string
  domain: string
  promise: string
  /** `METHOD /path/{parameter}`: what the gateway sends here. */
  http?: string[]
  caller?: CallerKind[]
  /** `required` demands an Idempotency-Key, `optional` honours one. */
  idempotent?: 'required' | 'optional'
  /** Events that wake it, as `domain/event.v1`. */
  on?: string[]
  /** Cron schedule of its timer. */
  every?: string
  /** Events it may emit; any other is refused by the database wrapper. */
  emits?: string[]
  /** Problems it may answer with, as `domain/kind`: what the OpenAPI document says of it. */
  refuses?: string[]
  needs?: string[]
}

/** The configuration a function is started with: its environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A setting that must be there; a function without it must not start answering. */
export function setting(env: Environment, name: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set: name its secret in "needs" of function.json`)
  return value
}
