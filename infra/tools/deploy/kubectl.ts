import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** An object of a cluster, as far as it is read here. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    generation?: number
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  spec?: Record<string, unknown>
  data?: Record<string, string>
  status?: { observedGeneration?: number; conditions?: Condition[]; [field: string]: unknown }
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
}

/** Runs kubectl on the current context; fails with what it said. */
export async function kubectl(args: string[], input?: string): Promise<string> {
  const { code, out, said } = await kubectlSays(args, input)
  if (code === 0) return out
  const words = said.trim().split('\n').slice(-4).join('\n  ')
  throw new Error(`kubectl ${args.slice(0, 3).join(' ')} failed:\n  ${words}`)
}

/** As `kubectl`, whatever it answers. */
export async function kubectlSays(
  args: string[],
  input = '',
): Promise<{ code: number; out: string; said: string }> {
  const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = once(child, 'close') as Promise<[number | null]>
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code: code ?? 1, out, said }
}

/** Objects of the cluster, e.g. `list('ksvc,trigger', '-n', 'kiosk')`; none of a kind that is not installed is an error. */
export async function list(...args: string[]): Promise<KubeObject[]> {
  const { items } = JSON.parse(await kubectl(['get', ...args, '-o', 'json'])) as { items: KubeObject[] }
  return items
}

/** One object, or undefined where there is none. */
export async function find(kind: string, name: string, namespace: string): Promise<KubeObject | undefined> {
  const found = await kubectl(['get', kind, name, '-n', namespace, '--ignore-not-found', '-o', 'json'])
  return found === '' ? undefined : (JSON.parse(found) as KubeObject)
}
