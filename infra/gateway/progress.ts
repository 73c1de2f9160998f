import type { IncomingMessage, ServerResponse } from 'node:http'
import { announcesBody } from '../host/body'

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
  if (!announcesBody(request)) return
  response.setTimeout(withinMs, () => request.complete || stalled())
}
