import { execFileSync } from 'node:child_process'

interface Pod {
  metadata: { name: string; deletionTimestamp?: string }
  status: { phase: string }
}

const kubectl = (...words: string[]) =>
  execFileSync('kubectl', ['-n', 'kiosk', ...words], { encoding: 'utf8' })

/** The pods of one function, or of all; those that are going too. */
export function podsOf(name?: string): Pod[] {
  const label = name === undefined ? 'serving.knative.dev/service' : `serving.knative.dev/service=${name}`
  return (JSON.parse(kubectl('get', 'pods', '-l', label, '-o', 'json')) as { items: Pod[] }).items
}

/** Those that serve: neither waiting to start nor on their way out. */
export const serving = (name: string): string[] =>
  podsOf(name)
    .filter(({ metadata, status }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)

/** Ends a pod as a failing node would: nothing is drained. */
export const killPod = (name: string): string =>
  kubectl('delete', 'pod', name, '--force', '--grace-period=0', '--wait=false')
