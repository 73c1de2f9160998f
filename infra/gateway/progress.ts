import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Calls `stalled` when nothing of a request's body has come for so many milliseconds. That its function is still starting,
 * or slow to answer, is not its caller's fault: a body is taken in whole before a function is asked.
 */
export function expectProgress(
  request: IncomingMessage,
  response: ServerResponse,
  withinMs: number,
  stalled: () => void,
): void {
  const { headers } = request
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return
  response.setTimeout(withinMs, () => request.complete || stalled())
}
