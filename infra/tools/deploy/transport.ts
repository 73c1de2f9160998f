import { mkdirSync, rmSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Built } from '../images/build'
import type { Builder } from '../images/builder'
import { ran, works } from '../images/command'
import { kubectl, list, type KubeObject } from './kubectl'
import type { References } from './rendering'

/** How images get from here to where pods run. */
export interface Transport {
  /** For the person who watches. */
  says: string
  /** Brings the images there, and answers what each is called there. */
  bring(builder: Builder, built: Built, root: string): Promise<References>
}

/**
 * How this cluster gets images: from a registry if one is named; otherwise straight into the node's containerd, where
 * the only node is kind's, minikube's or this machine itself. Undefined where there is no way without a registry.
 */
export async function transportFor(registry: string | undefined): Promise<Transport | undefined> {
  if (registry !== undefined) return pushing(registry)
  const context = await kubectl(['config', 'current-context']).then((name) => name.trim())
  const [node, ...others] = await list('nodes')
  if (context.startsWith('kind-'))
    return loading('kind', ['load', 'image-archive', '--name', context.slice(5)])
  if (context === 'minikube') return loading('minikube', ['image', 'load'])
  if (!node || others.length > 0 || !isThisMachine(node)) return undefined
  const endpoint = await containerdOf(node)
  const ctr = ['--address', endpoint, '--namespace', 'k8s.io', 'images']
  if (!(await works('ctr', [...ctr, 'list', '--quiet']))) return undefined
  const held = async () => new Set((await ran('ctr', [...ctr, 'list', '--quiet'])).split('\n'))
  return loading('ctr', [...ctr, 'import'], held)
}

const pushing = (registry: string): Transport => ({
  says: `pushed to ${registry}`,
  async bring(builder, { images, layout }, root) {
    const file = archiveIn(root)
    await layout.archive(file)
    const digests = await builder.push(
      file,
      images.map(({ reference }) => reference),
    )
    rmSync(file)
    return Object.fromEntries(
      images.map(({ name, reference }) => [
        name,
        `${reference.replace(/:[^:/]*$/, '')}@${digests.get(reference)!}`,
      ]),
    )
  },
})

const loading = (command: string, words: string[], held?: () => Promise<Set<string>>): Transport => ({
  says: `loaded into the node by ${command}`,
  async bring(_builder, { images, layout }, root) {
    const there = (await held?.()) ?? new Set()
    const isMissing = (reference: string) => !there.has(reference)
    if (images.some(({ reference }) => isMissing(reference))) {
      const file = archiveIn(root)
      await layout.archive(file, isMissing)
      await ran(command, [...words, file])
      rmSync(file)
    }
    return Object.fromEntries(images.map(({ name, reference }) => [name, reference]))
  },
})

function archiveIn(root: string): string {
  mkdirSync(join(root, 'dist/deploy'), { recursive: true })
  return join(root, 'dist/deploy/images.tar')
}

function isThisMachine({ status }: KubeObject): boolean {
  const { addresses = [] } = status as { addresses?: { type: string; address: string }[] }
  const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])
  return addresses.some(({ type, address }) => type === 'InternalIP' && own.includes(address))
}

/** The kubelet knows its own container runtime: `unix:///run/containerd/containerd.sock`. */
async function containerdOf({ metadata }: KubeObject): Promise<string> {
  const settings = await kubectl(['get', '--raw', `/api/v1/nodes/${metadata.name}/proxy/configz`])
  const { kubeletconfig } = JSON.parse(settings) as { kubeletconfig: { containerRuntimeEndpoint?: string } }
  return (kubeletconfig.containerRuntimeEndpoint ?? '/run/containerd/containerd.sock').replace('unix://', '')
}
