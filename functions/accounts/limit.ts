/** How much of something one address may have, as the RateLimit header fields say it. */
export interface Policy {
  name: string
  quota: number
  /** Seconds. */
  window: number
}

/**
 * The headers of a 429: when to come back, and the policy that said no, of which nothing is left until then
 * (draft-ietf-httpapi-ratelimit-headers-10; RFC 9110, section 10.2.3).
 */
export const exhausted = ({ name, quota, window }: Policy, seconds: number): Record<string, string> => ({
  'Retry-After': String(seconds),
  RateLimit: `"${name}";r=0;t=${seconds}`,
  'RateLimit-Policy': `"${name}";q=${quota};w=${window}`,
})

/** Whole seconds from now until then, at least one. */
export const secondsUntil = (then: Date | undefined, now: Date): number =>
  Math.max(1, Math.ceil(((then?.getTime() ?? 0) - now.getTime()) / 1000))
