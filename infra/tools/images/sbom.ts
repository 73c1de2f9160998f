import { createHash } from 'node:crypto'

/** What npm's own `npm sbom` answers, as far as it is read here (CycloneDX 1.5). */
export interface Sbom {
  bomFormat: string
  specVersion: string
  components: { 'bom-ref': string }[]
  [field: string]: unknown
}

/** esbuild's metafile, as far as it is read here. */
export interface Metafile {
  outputs: Record<string, { inputs: Record<string, unknown> }>
}

/**
 * The software bill of materials of one bundle (CycloneDX): of all that npm installed, the packages whose files esbuild
 * put into it. The serial number follows from the contents, so the same bundle has the same bill.
 */
export function sbomOf(
  all: Sbom,
  metafile: Metafile,
  output: string,
  bundle: Buffer,
  packageAt: (path: string) => { name: string; version: string },
): string {
  const inputs = Object.keys(metafile.outputs[output]?.inputs ?? {})
  const paths = new Set(inputs.flatMap((file) => packagePathOf(file) ?? []))
  const packages = new Set([...paths].map(packageAt).map(({ name, version }) => `${name}@${version}`))
  const components = all.components.filter((component) => packages.has(component['bom-ref']))
  const digest = createHash('sha256').update(bundle).digest('hex')
  const { $schema, bomFormat, specVersion } = all
  return JSON.stringify({
    $schema,
    bomFormat,
    specVersion,
    serialNumber: `urn:uuid:${uuidFrom(digest)}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        name: output.replace(/^dist\/|\.cjs$/g, ''),
        hashes: [{ alg: 'SHA-256', content: digest }],
      },
    },
    components,
  })
}

const packagePathOf = (file: string): string | undefined =>
  /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]

const uuidFrom = (hex: string) => hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-5$3-8$4-$5')
