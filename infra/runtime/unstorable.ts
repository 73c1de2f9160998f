import type { Fault } from './parse'

/** With the `u` flag a surrogate is one that stands alone. */
const UNSTORABLE = /[\0\p{Surrogate}]/u

/** Deeper than any input of ours, shallower than the stack. */
const DEPTH = 16

/**
 * The first faults of what no field may hold, whatever its rules: NUL characters, lone surrogates and numbers beyond 2^53,
 * which Postgres cannot store, and nesting that nobody can follow. Fields that nobody knows are looked at too.
 */
export function unstorable(value: unknown, most: number): Fault[] {
  const faults: Fault[] = []
  const look = (item: unknown, pointer: string, depth: number): void => {
    if (faults.length >= most) return
    const detail = whyUnstorable(item, depth)
    if (detail !== undefined) faults.push({ detail, pointer })
    else if (typeof item === 'object' && item !== null) {
      for (const [key, field] of Object.entries(item)) {
        const at = `${pointer}/${escaped(key)}`
        look(key, at, depth)
        look(field, at, depth + 1)
      }
    }
  }
  look(value, '#', 0)
  return faults
}

function whyUnstorable(item: unknown, depth: number): string | undefined {
  if (depth > DEPTH) return 'is nested too deeply'
  if (typeof item === 'string' && UNSTORABLE.test(item)) {
    return 'must not contain the NUL character or half a surrogate pair'
  }
  return typeof item === 'number' && Math.abs(item) > Number.MAX_SAFE_INTEGER ? 'is too large' : undefined
}

/** A key in a JSON pointer (RFC 6901, section 3). */
export const escaped = (key: string) =>
  key.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('\0', '\\0')
