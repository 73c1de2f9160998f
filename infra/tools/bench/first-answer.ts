import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { freePorts } from '../../local/processes/ports'
import type { Leftovers } from './leftovers'

/** A process that will listen on the port that it finds in PORT. */
export interface Program {
  args: string[]
  env?: Record<string, string>
  /** Asked of it until it answers. */
  ask?: { method: string; path: string; status: number }
}

export interface Answering {
  /** From the spawn to the first answer. */
  ms: number
  url: string
  stop: () => Promise<void>
}

const PATIENCE_MS = 20_000
const PAUSE_MS = 1
const ANY = { method: 'GET', path: '/', status: 200 }

/** The least that can answer HTTP. */
export const BARE_SERVER: Program = {
  args: [
    '-e',
    `require('node:http').createServer((_, response) => response.end()).listen(process.env.PORT, '127.0.0.1')`,
  ],
}

/** Starts a Node.js process and asks it without a pause worth the name until it answers. */
export async function startAnswering({ args, env, ask = ANY }: Program, left: Leftovers): Promise<Answering> {
  const [port] = (await freePorts(1)) as [number]
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const stop = left.child(child)
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (said = `${said}${bytes.toString()}`.slice(-500)))
  for (;;) {
    const status = await statusOf(port, ask)
    const ms = performance.now() - began
    if (status === ask.status) return { ms, url: `http://127.0.0.1:${port}`, stop }
    if (status !== undefined) throw new Error(`${args.join(' ')} answered ${status}, not ${ask.status}`)
    if (ms > PATIENCE_MS || child.exitCode !== null) throw new Error(`${args.join(' ')} is silent: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** How long it takes from spawn to first answer; the process is ended. */
export async function firstAnswerMs(program: Program, left: Leftovers): Promise<number> {
  const { ms, stop } = await startAnswering(program, left)
  await stop()
  return ms
}

/** Undefined while nobody listens. */
const statusOf = (port: number, { method, path }: NonNullable<Program['ask']>) =>
  new Promise<number | undefined>((resolve) => {
    const asked = request({ host: '127.0.0.1', port, method, path, agent: false }, (answer) => {
      answer.resume()
      answer.once('close', () => resolve(answer.statusCode))
    })
    asked.once('error', () => resolve(undefined))
    asked.end()
  })
