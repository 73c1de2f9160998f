import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Builder } from './builder'
import { ran } from './command'

/** Docker, where its engine runs; from version 25 on, whose archives are OCI layouts. */
export const docker: Builder = {
  name: 'docker',
  async host(base, tag, folder) {
    const reference = `kiosk-host:${tag}`
    await ran('docker', [
      'build',
      '--quiet',
      '--target',
      'host',
      '--build-arg',
      `BASE=${base}`,
      '-t',
      reference,
      '.',
    ])
    mkdirSync(folder, { recursive: true })
    const archive = join(folder, 'host.tar')
    await ran('docker', ['save', '--output', archive, reference])
    await ran('tar', ['-xf', archive, '-C', folder])
    rmSync(archive)
  },
  async push(archive, references) {
    await ran('docker', ['load', '--quiet', '--input', archive])
    const digests = new Map<string, string>()
    for (const reference of references) {
      const said = await ran('docker', ['push', reference])
      digests.set(reference, /digest: (sha256:[0-9a-f]{64})/.exec(said)![1]!)
    }
    return digests
  },
}
