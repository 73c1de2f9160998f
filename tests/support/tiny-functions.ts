import { buildSync } from 'esbuild'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FunctionService } from '../../infra/local/manifests/manifests'

/** A folder of a test's own, with the real host in it and whatever functions the test writes. */
export interface TinyFunctions {
  folder: string
  hostBundle: string
  /** Writes a bundle whose default export is this source text, and gives its path. */
  write: (name: string, source: string) => string
}

/** Bundles the host as the build does; the folder goes when the file's tests are over. */
export function tinyFunctions(): TinyFunctions {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-functions-'))
  const hostBundle = join(folder, 'host.cjs')
  bundle('infra/host/host.ts', hostBundle)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    hostBundle,
    write(name, source) {
      const file = join(folder, `${name}.cjs`)
      writeFileSync(file, `exports.default = ${source}`)
      return file
    },
  }
}

/** One file of ours with all it imports, as a module that Node.js can run. */
export function bundle(entry: string, outfile: string): string {
  const entryPoints = [resolve(__dirname, '../..', entry)]
  buildSync({
    entryPoints,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    outfile,
  })
  return outfile
}

/** A function's Service with everything usual, but for what the test is about. */
export const serviceNamed = (name: string, unusual: Partial<FunctionService> = {}): FunctionService => ({
  name,
  operation: name,
  domain: 'orders',
  visibility: 'external',
  routes: [],
  scale: { min: 0, max: 5, target: 10, windowSeconds: 60 },
  containerConcurrency: 0,
  timeoutSeconds: 10,
  env: {},
  envFrom: [],
  ...unusual,
})
