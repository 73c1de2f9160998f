/**
 * Ends once, at the first of Ctrl-C, `npm stop` or a closed terminal: `by` what is set later, when there is something to
 * finish. Before that, and at a second Ctrl-C, `atOnce`.
 */
export function onEnd(atOnce: () => void): { by?: () => Promise<void> } {
  const ending: { by?: () => Promise<void> } = {}
  let begun = false
  const finish = (signal: string) => {
    if (!ending.by || (begun && signal === 'SIGINT')) atOnce()
    if (begun || !ending.by) return
    begun = true
    ending.by().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('Kiosk could not stop everything:', error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => finish(signal))
  return ending
}
