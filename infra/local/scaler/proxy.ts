import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { refuse } from '../../host/refusal'
import { Deadline } from '../../forward/deadline'
import { relay, send } from '../../forward/forward'
import type { Intake } from '../../forward/intake'
import { requestHeaders } from '../../forward/headers'
import { Refused } from '../../forward/refused'
import type { Target } from './target'

/**
 * Hands a request on to a function when it is there whole, and streams the answer back. Never rejects: what no function
 * answered is a problem of the platform's. A caller that leaves cuts the request off at the function too.
 */
export async function proxy(
  target: Target,
  intake: Intake,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { revision, service } = target
  const body = await intake.take(request, response)
  if (!body) return
  const deadline = new Deadline(service.timeoutSeconds * 1_000)
  response.once('close', () => {
    if (!response.writableFinished) deadline.cut(new Refused('broken-answer'))
  })
  try {
    const { method = 'GET', url: path = '/' } = request
    const headers = requestHeaders(request, service.name)
    const write = (upstream: ClientRequest) => void upstream.end(body)
    await revision.withInstance(deadline.signal, async (instance) => {
      const answer = await send(instance, { method, path, headers, write }, deadline.signal)
      await relay(answer, response)
    })
  } catch (error) {
    const { kind, headers } = error instanceof Refused ? error : new Refused('fault')
    refuse(request, response, kind, headers)
  } finally {
    deadline.clear()
    request.resume()
  }
}
