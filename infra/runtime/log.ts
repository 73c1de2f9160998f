/** One line of JSON for each thing worth telling an operator; standard output is the log (12factor.net/logs). */
export interface Log {
  info(message: string, details?: object): void
  warn(message: string, details?: object): void
  error(message: string, details?: object): void
}

/** A log whose every line carries the given fields, e.g. the operation and the trace. */
export function logWith(fields: object): Log {
  const write =
    (level: string) =>
    (message: string, details: object = {}) => {
      const line = { time: new Date().toISOString(), level, message, ...fields, ...details }
      process.stdout.write(`${JSON.stringify(line, errorsInFull)}\n`)
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

/** An Error has no enumerable fields: without this its message, stack and cause would be lost. */
function errorsInFull(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { name, message, ...Object.fromEntries(Object.entries(value)), stack, cause }
}
