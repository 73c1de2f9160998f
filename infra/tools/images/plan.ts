import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { operationsOf } from '../tree'
import { ran } from './command'
import type { Addition } from './layout'
import { sbomOf, type Metafile, type Sbom } from './sbom'

/** An image of the shop: what it adds to the host. */
export interface Image extends Addition {
  /** As the manifests call it, e.g. `kiosk/place-order`. */
  name: string
}

interface Planned {
  name: string
  promise: string
  bundle: string
  /** Where the bundle goes. */
  place: string
  more?: Record<string, string>
}

/** Beside the functions. */
const PROGRAMS = {
  gateway: 'Tells apart the routes that the ingress cannot.',
  prepare: 'Brings every database up to date and makes the first administrator.',
  dispatcher: 'Delivers events and ticks on OpenFaaS.',
  'redis-rest': 'Offers a Redis over the Upstash REST protocol.',
  sandbox: 'A payment gateway with test methods instead of money.',
}

/**
 * Every image of the shop, with a tag that follows from all that goes into it: the same contents, the same tag. Their
 * bills of materials are written to dist/sbom on the way.
 */
export async function plannedImages(root: string, repository: string, host: string): Promise<Image[]> {
  const [all, revision, operations] = await Promise.all([
    ran('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], root),
    ran('git', ['rev-parse', 'HEAD'], root).catch(() => 'unknown'),
    operationsOf(root),
  ])
  const bills = billsIn(root, JSON.parse(all) as Sbom)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const planned: Planned[] = [
    ...operations.map(({ name, domain, promise }) => {
      const bundle = `dist/functions/${domain}/${name}.cjs`
      return { name, promise, bundle, place: 'app/function.cjs' }
    }),
    ...Object.entries(PROGRAMS).map(([name, promise]) => ({
      name,
      promise,
      bundle: `dist/programs/${name}.cjs`,
      place: 'app/program.cjs',
      ...(name === 'prepare' && { more: { 'app/infra/postgres': join(root, 'infra/postgres') } }),
    })),
  ]
  return planned.map(({ name, promise, bundle, place, more }) => ({
    name: `kiosk/${name}`,
    reference: `${repository}/kiosk/${name}:${tagOf(host, ...contentsOf(join(root, bundle), more))}`,
    files: { [place]: join(root, bundle), 'app/sbom.json': bills(bundle), ...more },
    cmd: [place === 'app/function.cjs' ? '/app/host.cjs' : `/${place}`],
    labels: {
      'org.opencontainers.image.title': name,
      'org.opencontainers.image.description': promise,
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.licenses': 'Apache-2.0',
    },
  }))
}

/** All that a tag has to follow from. */
const contentsOf = (bundle: string, more: Record<string, string> = {}): Buffer[] => [
  readFileSync(bundle),
  ...Object.values(more).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .flatMap((file) => [Buffer.from(file), readFileSync(join(folder, file))]),
  ),
]

const tagOf = (...contents: (string | Buffer)[]) => {
  const hash = createHash('sha256')
  for (const part of contents) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 12)
}

/** Writes the bill of materials of a bundle, and answers where it is. */
function billsIn(root: string, all: Sbom): (bundle: string) => string {
  const json = <T>(file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as T
  const metafiles = [json<Metafile>('dist/meta.json'), json<Metafile>('dist/programs/meta.json')]
  const packageAt = (path: string) => json<{ name: string; version: string }>(`${path}/package.json`)
  return (bundle) => {
    const metafile = metafiles.find(({ outputs }) => outputs[bundle])!
    const file = join(
      root,
      bundle.replace(/^dist\/(functions|programs)/, 'dist/sbom').replace(/cjs$/, 'json'),
    )
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, sbomOf(all, metafile, bundle, readFileSync(join(root, bundle)), packageAt))
    return file
  }
}
