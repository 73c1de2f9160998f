import type { Server } from 'node:http'
import { writeSync } from 'node:fs'
import type { Traffic } from './front'

/** Below Kubernetes' usual 30 s between SIGTERM and SIGKILL, so that giving up is ours to log. */
const HARD_LIMIT_MS = 25_000

/**
 * Ends this process politely on SIGTERM, SIGINT, or when the platform that started it is gone: readiness says no,
 * nothing new is accepted, what is under way is answered, the function finishes what it began, exit 0.
 */
export function endPolitely(server: Server, traffic: Traffic, drain: () => Promise<void>): void {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    traffic.draining = true
    setTimeout(() => crash('gave up waiting for requests to finish', undefined), HARD_LIMIT_MS).unref()
    const finish = () => {
      server.closeAllConnections()
      drain().then(
        () => process.exit(0),
        (error: unknown) => crash('could not finish what was begun', error),
      )
    }
    server.close()
    server.closeIdleConnections()
    if (traffic.inFlight === 0) finish()
    else traffic.idle = finish
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (process.channel) {
    process.on('disconnect', end)
    process.channel.unref()
  }
}

/**
 * Ends this process at once: after an exception nobody caught its memory can no longer be trusted, so nothing more is
 * answered.
 */
export function crash(message: string, error: unknown): never {
  try {
    logFault(message, error)
  } finally {
    process.exit(1)
  }
}

/** One line of JSON on standard error, written synchronously: a process that ends would lose it otherwise. */
export function logFault(message: string, error: unknown): void {
  const { name, message: reason, stack } = error instanceof Error ? error : new Error(String(error))
  const details = error === undefined ? {} : { error: { name, message: reason, stack } }
  const line = { time: new Date().toISOString(), level: 'error', message, ...details }
  writeSync(2, `${JSON.stringify(line)}\n`)
}
