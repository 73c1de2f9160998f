import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import { kubectl, type KubeObject } from './kubectl'

/** What is to be applied: as text, and as objects. */
export interface Rendered {
  yaml: string
  objects: KubeObject[]
}

/** Where an image of the manifests is found, e.g. `registry.example/kiosk/charge@sha256:...`. */
export type References = Record<string, string>

/** A folder's Kustomization with the names of our images replaced, and more of Kustomize's own fields if wanted. */
export async function render(
  root: string,
  folder: string,
  references: References,
  more: Record<string, unknown> = {},
): Promise<Rendered> {
  const home = join(root, 'dist/deploy', folder.replaceAll('/', '-'))
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [join('../../..', folder)],
    images: Object.entries(references).map(([name, reference]) => ({ name, ...split(reference) })),
    ...more,
  }
  writeFileSync(join(home, 'kustomization.yaml'), stringify(kustomization))
  const yaml = await kubectl(['kustomize', home])
  return { yaml, objects: parseAllDocuments(yaml).map((document) => document.toJS() as KubeObject) }
}

function split(reference: string): { newName: string; newTag?: string; digest?: string } {
  const [, name, digest] = /^(.*)@(sha256:.*)$/.exec(reference) ?? []
  if (name !== undefined && digest !== undefined) return { newName: name, digest }
  const [, tagged, tag] = /^(.*):([^/:]+)$/.exec(reference)!
  return { newName: tagged!, newTag: tag! }
}
