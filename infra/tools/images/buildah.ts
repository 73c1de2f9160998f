import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Builder } from './builder'
import { ran } from './command'

/** Buildah, as root or rootless; chroot isolation needs neither an engine nor a user namespace. */
export const buildah: Builder = {
  name: 'buildah',
  async host(base, tag, folder) {
    const isHere = await ran('buildah', ['inspect', '--type', 'image', base]).catch(() => undefined)
    if (isHere === undefined) await ran('buildah', ['pull', '--quiet', base])
    const reference = `localhost/kiosk-host:${tag}`
    const words = ['bud', '--isolation', 'chroot', '--pull-never', '--layers', '--quiet', '--target', 'host']
    await ran('buildah', [...words, '--build-arg', `BASE=${await withHistory(base)}`, '-t', reference, '.'])
    await ran('buildah', ['push', '--quiet', '--format', 'oci', reference, `oci:${folder}:host`])
  },
  async push(archive, references) {
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-push-'))
    try {
      await ran('tar', ['-xf', archive, '-C', folder])
      const digests = new Map<string, string>()
      for (const reference of references) {
        const id = await ran('buildah', ['pull', '--quiet', `oci:${folder}:${reference}`])
        const file = join(folder, 'digest')
        await ran('buildah', ['push', '--quiet', '--digestfile', file, id, `docker://${reference}`])
        digests.set(reference, (await readFile(file, 'utf8')).trim())
      }
      return digests
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

interface Inspected {
  OCIv1: { history?: unknown[]; rootfs: { diff_ids: string[] } }
  FromImageID: string
}

/** Buildah cannot add to an image that says less of its history than it has layers; such a base is made one layer. */
async function withHistory(name: string): Promise<string> {
  const { OCIv1, FromImageID } = JSON.parse(
    await ran('buildah', ['inspect', '--type', 'image', name]),
  ) as Inspected
  if ((OCIv1.history?.length ?? 0) >= OCIv1.rootfs.diff_ids.length) return name
  const squashed = `localhost/kiosk-base:${FromImageID.replace('sha256:', '').slice(0, 12)}`
  const container = await ran('buildah', ['from', '--pull-never', name])
  await ran('buildah', ['commit', '--quiet', '--squash', '--rm', container, squashed])
  return squashed
}
