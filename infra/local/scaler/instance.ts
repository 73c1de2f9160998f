import { spawn, type ChildProcess } from 'node:child_process'
import { Agent, get } from 'node:http'
import * as nodeModule from 'node:module'
import { freePort } from './free-port'
import { openLog, type LogFile } from './log-file'

/** What one process of a function is started with. */
export interface InstanceSettings {
  service: string
  /** Unique for the life of the platform. */
  name: string
  hostBundle: string
  bundle: string
  environment: Record<string, string>
  logFolder: string
  /** Where compiled code is kept, so that the next start need not compile it. */
  compileCache: string
  /** A module that Node.js loads before the host (see ../code-cache-process.ts). */
  preload?: string
}

const READY_DEADLINE_MS = 30_000
const POLL_MS = 10
const KILL_AFTER_MS = 30_000

/** One process of a function: a child of ours, on a port of the loopback address. */
export class Instance {
  state: 'starting' | 'ready' | 'stopping' | 'doubted' | 'unreachable' | 'gone' = 'starting'
  /** Its end was ours to ask for. */
  wasAsked = false
  wasReady = false
  /** Requests that were given to it and are not answered yet; the queue counts. */
  inFlight = 0
  readonly startedAt = performance.now()
  /** Connections are kept: a request over a warm one costs no handshake. */
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' })
  /** Resolves when the process has ended, asked or not. */
  readonly exited: Promise<void>

  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly log: LogFile,
  ) {
    this.exited = new Promise((resolve) => {
      const ended = () => {
        this.state = 'gone'
        this.agent.destroy()
        resolve()
      }
      child.once('exit', ended)
      child.once('error', ended)
    })
  }

  get isDoubted(): boolean {
    return this.state === 'doubted'
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** Starts the process; it does not take requests before `becomeReady`. */
  static async start(settings: InstanceSettings): Promise<Instance> {
    const { service, name, hostBundle, preload } = settings
    const port = await freePort()
    const log = openLog(settings.logFolder, service)
    try {
      const preloaded = preload && !('enableCompileCache' in nodeModule) ? ['--require', preload] : []
      // The name is for the person who reads `ps`.
      const child = spawn(process.execPath, [...preloaded, hostBundle, service], {
        env: environmentOf(settings, port),
        stdio: ['ignore', log.fd, log.fd, 'ipc'],
        // In a session of its own: Ctrl-C is for the platform, which lets its functions finish.
        detached: true,
      })
      child.channel?.unref()
      return new Instance(name, port, child, log)
    } finally {
      log.close()
    }
  }

  /** Waits for the first healthy answer. An instance that ends or stays silent for 30 s is an error, one sentence. */
  async becomeReady(): Promise<void> {
    const deadline = performance.now() + READY_DEADLINE_MS
    while (!(await this.isHealthy())) {
      if (this.state === 'gone') throw new Error(`it ended ${this.ending()}`)
      if (performance.now() > deadline) {
        await this.stop(0)
        throw new Error(`it did not become ready within ${READY_DEADLINE_MS / 1000} s${this.lastWords()}`)
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    if (this.state !== 'starting') throw new Error('it was stopped')
    this.state = 'ready'
    this.wasReady = true
  }

  /** Ends it: SIGTERM, and SIGKILL after the grace. The host finishes what is under way in between. */
  async stop(graceMs = KILL_AFTER_MS): Promise<void> {
    if (this.state === 'gone') return
    this.state = 'stopping'
    this.wasAsked = true
    this.child.kill('SIGTERM')
    const kill = setTimeout(() => this.child.kill('SIGKILL'), graceMs)
    await this.exited
    clearTimeout(kill)
  }

  /** How the process ended and what it said last, for a sentence. */
  ending(): string {
    const { exitCode, signalCode } = this.child
    return `${signalCode ? `by ${signalCode}` : `with exit code ${exitCode}`}${this.lastWords()}`
  }

  private lastWords(): string {
    const lines = this.log.tail(5).join(' | ')
    return lines && `; it said last: ${lines}`
  }

  /** What the readiness probe of a cluster would be told. */
  isHealthy(): Promise<boolean> {
    const { agent, port } = this
    return new Promise((resolve) => {
      const probe = get(
        { agent, host: '127.0.0.1', port, path: '/health/readiness', timeout: 1_000 },
        (answer) => {
          answer.resume()
          answer.once('close', () => resolve(answer.statusCode === 200))
        },
      )
      probe.once('timeout', () => probe.destroy())
      probe.once('error', () => resolve(false))
    })
  }
}

/** The platform's own environment stays here: a function sees what its manifest gives it, as in a cluster. */
function environmentOf(settings: InstanceSettings, port: number): Record<string, string> {
  const { service, bundle, environment, compileCache } = settings
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    ...environment,
    PORT: String(port),
    LISTEN_ADDRESS: '127.0.0.1',
    FUNCTION_BUNDLE: bundle,
    K_SERVICE: service,
    K_CONFIGURATION: service,
    K_REVISION: `${service}-00001`,
    NODE_COMPILE_CACHE: compileCache,
  }
}
