import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { freePort } from '../local/scaler/free-port'

/** A function as a stack file describes it. */
interface StackFunction {
  image: string
  labels: Record<string, string>
  environment: Record<string, string>
  secrets: string[]
}

export interface TestOpenFaasSettings {
  /** What faas-cli would find in its environment, given the gateway's address. */
  variables: (url: string) => Record<string, string>
  /** By name, and by key. */
  secrets: (url: string) => Record<string, Record<string, string>>
  /** Where the secrets are mounted. */
  folder: string
}

/**
 * A stand-in for OpenFaaS's gateway and provider, for tests: `/function/<name>/...` goes to the function, without that
 * prefix; a function is started when it is first asked for, is ready when `/_/health` says so, and gets its environment
 * and its secrets, as files, from the derived stack.yaml and from nowhere else.
 */
export class TestOpenFaas {
  readonly #server: Server
  readonly #ports = new Map<string, Promise<number>>()
  readonly #held = new Map<string, { reach: () => void; released: Promise<void> }>()
  readonly #processes: ChildProcess[] = []
  #stack: Record<string, StackFunction> = {}
  #secrets: Record<string, Record<string, string>> = {}
  #words = ''
  #stopping = false

  private constructor(private readonly folder: string) {
    this.#server = createServer((message, response) => {
      this.#answer(message, response).catch((error: unknown) => response.writeHead(502).end(String(error)))
    })
  }

  static async start({ variables, secrets, folder }: TestOpenFaasSettings): Promise<TestOpenFaas> {
    const openfaas = new TestOpenFaas(folder)
    openfaas.#server.listen(0, '127.0.0.1')
    await once(openfaas.#server, 'listening')
    openfaas.#stack = stackWith(variables(openfaas.url))
    openfaas.#secrets = secrets(openfaas.url)
    return openfaas
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What the functions printed, for when a test fails. */
  get output(): string {
    return this.#words
  }

  /** From now on requests to a function wait, until they are released; `reached` resolves at the first. */
  hold(name: string): { reached: Promise<void>; release: () => void } {
    const [first, end] = [deferred(), deferred()]
    this.#held.set(name, { reach: first.resolve, released: end.promise })
    const release = () => {
      this.#held.delete(name)
      end.resolve()
    }
    return { reached: first.promise, release }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#server.closeAllConnections()
    this.#server.close()
    const running = this.#processes.filter(({ exitCode, signalCode }) => exitCode === null && !signalCode)
    const ends = running.map((child) => once(child, 'exit'))
    for (const child of running) child.kill('SIGTERM')
    await Promise.all(ends)
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', path = '/'] = /^\/function\/([\w-]+)(\/.*)?$/.exec(message.url ?? '') ?? []
    const described = this.#stack[name]
    if (!described || this.#stopping) {
      response.writeHead(404).end(`the function ${name} is not there`)
      return
    }
    const hold = this.#held.get(name)
    hold?.reach()
    await hold?.released
    const starting = this.#ports.get(name) ?? this.#start(name, described)
    this.#ports.set(name, starting)
    await forward(message, response, await starting, path)
  }

  async #start(name: string, described: StackFunction): Promise<number> {
    const port = await freePort()
    const operation = /\/([\w-]+):/.exec(described.image)![1]!
    const bundle = resolve(`dist/functions/${described.labels['kiosk.example/domain']!}/${operation}.cjs`)
    const env = {
      ...described.environment,
      PORT: String(port),
      LISTEN_ADDRESS: '127.0.0.1',
      FUNCTION_BUNDLE: bundle,
      KIOSK_SECRETS: this.#mount(name, described.secrets),
    }
    const child = spawn(process.execPath, ['dist/host.cjs'], { env })
    this.#processes.push(child)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => (this.#words += `${name}: ${bytes.toString()}`))
    }
    while (!(await isHealthy(port))) {
      if (child.exitCode !== null || this.#stopping) throw new Error(`${name} did not start: ${this.#words}`)
    }
    return port
  }

  #mount(name: string, wanted: string[]): string {
    const folder = join(this.folder, name)
    mkdirSync(folder, { recursive: true })
    for (const secret of wanted) {
      const keys = this.#secrets[secret]
      if (!keys) throw new Error(`${name} wants the secret ${secret}, which nobody made`)
      const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`)
      writeFileSync(join(folder, secret), lines.join(''))
    }
    return folder
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let settle: () => void = () => undefined
  const promise = new Promise<void>((resolve) => (settle = resolve))
  return { promise, resolve: () => settle() }
}

/** The stack file as faas-cli reads it: `${NAME:-default}` is filled in from the environment. */
function stackWith(variables: Record<string, string>): Record<string, StackFunction> {
  const text = readFileSync('infra/openfaas/stack.yaml', 'utf8')
  const filled = text.replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, otherwise: string) => variables[name] ?? otherwise,
  )
  return (parse(filled) as { functions: Record<string, StackFunction> }).functions
}

/** As OpenFaaS's proxy: the headers as they are, and an answer without a Content-Type gets the request's. */
function forward(
  message: IncomingMessage,
  response: ServerResponse,
  port: number,
  path: string,
): Promise<void> {
  const { method = 'GET', headers, socket } = message
  const more = { 'x-forwarded-for': socket.remoteAddress, 'x-forwarded-host': headers.host }
  return new Promise((done, failed) => {
    const options = { host: '127.0.0.1', port, method, path, headers: { ...headers, ...more } }
    const sent = request(options, (answer) => {
      const type = answer.headers['content-type'] ?? headers['content-type'] ?? 'text/plain'
      response.writeHead(answer.statusCode!, { ...answer.headers, 'content-type': type })
      answer.pipe(response).once('close', done)
    })
    sent.once('error', failed)
    message.pipe(sent)
  })
}

const isHealthy = (port: number) =>
  new Promise<boolean>((done) => {
    get({ host: '127.0.0.1', port, path: '/_/health' }, (answer) => {
      answer.resume()
      done(answer.statusCode === 200)
    }).once('error', () => setTimeout(() => done(false), 20))
  })
