/** Does something and tells it in one line: how long it took, who did what, and what came of it. */
export async function step<T>(what: string, act: () => Promise<T>, tell?: (result: T) => string): Promise<T> {
  const started = performance.now()
  const result = await act()
  const took = `${Math.round(performance.now() - started)} ms`.padStart(8)
  console.log(`${took}  ${what}${tell ? `: ${tell(result)}` : ''}`)
  return result
}

/** Begins another part of the story. */
export const part = (title: string): void => console.log(`\n${title}`)

export const money = (minor: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(minor / 100)

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
