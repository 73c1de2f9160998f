import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildah } from './buildah'
import type { Builder } from './builder'
import { works } from './command'
import { docker } from './docker'
import { Layout } from './layout'
import { plannedImages, type Image } from './plan'

/** Distroless: Node.js 24, no shell, no package manager, user 65532. */
export const BASE = 'gcr.io/distroless/nodejs24-debian13:nonroot'

/** For images that are loaded into nodes and never pulled: Knative resolves no digests there. */
export const LOCAL = 'dev.local'

/** What to build images with: docker where its engine runs, else buildah; undefined where there is neither. */
export async function builderHere(): Promise<Builder | undefined> {
  if (await works('docker', ['info'])) return docker
  return (await works('buildah', ['--version'])) ? buildah : undefined
}

/** Every image of the shop, and the folder they are in. */
export interface Built {
  images: Image[]
  layout: Layout
}

/** What images are made of, and what they are called. */
export interface Building {
  root: string
  repository: string
  base: string
}

/**
 * Builds every image of the shop: the host once, by docker or buildah from the Dockerfile, and each function as one
 * layer on it. What needs to be built follows from the contents, so a second run has little to do.
 */
export async function buildImages(builder: Builder, { root, repository, base }: Building): Promise<Built> {
  const host = createHash('sha256').update(base)
  for (const file of ['Dockerfile', 'dist/host.cjs', 'dist/telemetry.cjs'])
    host.update(readFileSync(join(root, file)))
  const tag = host.digest('hex').slice(0, 12)
  const folder = join(root, 'dist/images', tag)
  if (!existsSync(folder)) {
    const draft = `${folder}.new`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true })
    await builder.host(base, tag, draft).catch((cause: unknown) => {
      throw new Error(
        `the host image could not be built on ${base}; make that base available, or name another with ` +
          `KIOSK_BASE_IMAGE: ${(cause as Error).message}`,
        { cause },
      )
    })
    renameSync(draft, folder)
  }
  const layout = new Layout(folder, join(root, 'dist/images/functions'))
  const images = await plannedImages(root, repository, tag)
  for (const image of images) await layout.add(image)
  return { images, layout }
}
