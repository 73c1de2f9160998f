import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuse } from '../host/refusal'
import { refuseUnreadable } from '../host/unreadable'
import type { FunctionState } from './scaler/revision'
import type { Scaler } from './scaler/scaler'

/** What stands for the cluster-local names of functions on this machine. */
export interface Inside {
  port: number
  stop(): Promise<void>
}

const ADDRESS = /^\/function\/([a-z0-9-]+)(?=[/?]|$)/

/** Where a cluster lists its Knative Services. */
const SERVICES = '/apis/serving.knative.dev/v1/namespaces/kiosk/services'

/**
 * Gives each function an address of its own for the other functions, as its cluster-local name does in a cluster:
 * `/function/<name>` and whatever path is asked behind it. It listens on the loopback address only; what is internal can
 * be reached here and nowhere else. How the functions are is told as a cluster's API server does.
 */
export async function startInside({
  port,
  handle,
  states,
}: {
  port: number
  handle: Scaler['handle']
  states: Scaler['states']
}): Promise<Inside> {
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    const name = ADDRESS.exec(request.url ?? '')?.[1]
    if (request.url === SERVICES) {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ items: states().map(asService) }))
    } else if (name === undefined) refuse(request, response, 'no-such-route')
    else void handle(name, toFunction(request), response)
  })
  refuseUnreadable(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const asService = ({ name, trouble }: FunctionState) => ({
  metadata: { name },
  status: {
    conditions: [
      trouble === undefined
        ? { type: 'Ready', status: 'True' }
        : { type: 'Ready', status: 'False', message: trouble },
    ],
  },
})

function toFunction(request: IncomingMessage): IncomingMessage {
  const rest = (request.url ?? '').replace(ADDRESS, '')
  request.url = rest.startsWith('/') ? rest : `/${rest}`
  return request
}
