import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Calls `stalled` when a request's body has made no progress for so many milliseconds although there was room for more:
 * that its function is still starting, or slow to answer, is not its caller's fault.
 */
export function expectProgress(
  request: IncomingMessage,
  response: ServerResponse,
  withinMs: number,
  stalled: () => void,
): void {
  const { headers, socket } = request
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return
  response.setTimeout(withinMs, () => {
    if (request.complete) return
    if (request.readableLength >= request.readableHighWaterMark) {
      socket.setTimeout(withinMs)
      return
    }
    // Room may have come a moment ago: what waits in the connection gets the time to arrive.
    const { bytesRead } = socket
    setTimeout(() => request.complete || socket.bytesRead > bytesRead || stalled(), withinMs / 10).unref()
  })
}
