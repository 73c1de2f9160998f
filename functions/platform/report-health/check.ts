import type { Clock } from '#runtime/clock'

/** What came of one look at something the shop stands on. */
export interface Check {
  status: 'up' | 'down'
  milliseconds: number
  error?: string
}

/** Looks once. What does not answer within `limit` milliseconds is down; nothing that happens here is thrown. */
export async function check(
  ask: (signal: AbortSignal) => Promise<unknown>,
  limit: number,
  clock: Clock,
): Promise<Check> {
  const began = clock.now().getTime()
  const took = () => clock.now().getTime() - began
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${limit} ms`)), limit)
  })
  try {
    await Promise.race([ask(ending.signal), late])
    return { status: 'up', milliseconds: took() }
  } catch (error) {
    return { status: 'down', milliseconds: took(), error: reasonOf(error) }
  } finally {
    clearTimeout(timer)
    ending.abort()
  }
}

/** What `fetch` and `pg` throw says nothing itself: the reason is in its cause, or in its code. */
function reasonOf(error: unknown): string {
  const { message, cause, code } = error as { message?: string; cause?: unknown; code?: string }
  if (cause !== undefined) return `${message ?? ''}: ${reasonOf(cause)}`
  return message || code || String(error)
}
