import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FunctionService } from '../../infra/local/manifests/manifests'
import type { Observation } from '../../infra/local/scaler/observation'
import { startScaler, type Scaler } from '../../infra/local/scaler/scaler'
import { ask, type Answer } from './ask'
import { tinyFunctions } from './tiny-functions'

const SOURCES: Record<string, string> = {
  hello: `async (request, response) => response.end(process.env.K_SERVICE + ' ' + process.env.GREETING)`,
  slow: `((atOnce) => async (request, response) => {
    response.setHeader('X-At-Once', String(++atOnce))
    await new Promise((resolve) => setTimeout(resolve, 300))
    atOnce--
    response.end(String(process.pid))
  })(0)`,
  echo: `async (request, response) => {
    const { method, originalUrl, rawHeaders, rawBody } = request
    response.setHeader('X-Kept', 'yes')
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.statusCode = 201
    response.end(JSON.stringify({ method, url: originalUrl, rawHeaders, body: rawBody.toString() }))
  }`,
  drip: `async (request, response) => {
    request.on('close', () => console.log('left early: ' + !response.writableEnded))
    for (let drop = 0; drop < 20 && !response.destroyed; drop++) {
      response.write('drop ' + drop)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    response.end()
  }`,
  crash: `async (request, response) => {
    if (request.originalUrl === '/crash') process.exit(3)
    response.end(String(process.pid))
  }`,
  relapsing: `((fs, mark) => {
    if (fs.existsSync(mark)) {
      fs.unlinkSync(mark)
      throw new Error('it has not recovered')
    }
    return async (request, response) => {
      fs.writeFileSync(mark, '')
      process.exit(3)
    }
  })(require('node:fs'), __filename + '.relapse')`,
  unstartable: `(() => { throw new Error('a setting is missing') })()`,
}

/** The scaler with real processes, behind a server that sends each request to the function of its X-To header. */
export interface Scaled {
  scaler: Scaler
  port: number
  observations: Observation[]
  seen: (kind: Observation['kind']) => Observation[]
  /** A GET, or a POST when there is a body. */
  asking: (to: string, path?: string, body?: string, headers?: Record<string, string>) => Promise<Answer>
}

/** Starts the functions named, of those written above; everything ends with the test that asked. */
export function scaledFunctions(): (...services: FunctionService[]) => Promise<Scaled> {
  const functions = tinyFunctions()
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })
  return async (...services) => {
    const observations: Observation[] = []
    const scaler = startScaler({
      services,
      hostBundle: functions.hostBundle,
      bundleOf: ({ name }) => functions.write(name, SOURCES[name]!),
      environmentOf: () => ({ GREETING: 'hi' }),
      logFolder: join(functions.folder, 'logs'),
      compileCache: join(functions.folder, 'compiled'),
      on: (observation) => observations.push(observation),
    })
    const front: Server = createServer((request, response) => {
      void scaler.handle(String(request.headers['x-to']), request, response)
    }).listen(0, '127.0.0.1')
    ends.push(async () => {
      front.closeAllConnections()
      front.close()
      await scaler.stop(2_000)
    })
    await once(front, 'listening')
    const { port } = front.address() as AddressInfo
    return {
      scaler,
      port,
      observations,
      seen: (kind) => observations.filter((observation) => observation.kind === kind),
      asking: (to, path = '/', body, headers = {}) =>
        ask(port, path, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { 'X-To': to, ...headers },
          ...(body !== undefined && { body }),
        }),
    }
  }
}
