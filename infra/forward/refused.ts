import type { RefusalKind } from '../host/refusal'

/** A request that no function answered, and what its caller is told instead. */
export class Refused extends Error {
  constructor(
    readonly kind: RefusalKind,
    readonly headers: Record<string, string> = {},
  ) {
    super(kind)
  }
}

/** The connection failed before a byte of the request was sent: another instance may be asked. */
export class NotSent extends Error {}
