/**
 * npm run adversary -- [--seeds 1000] [--from 1] [--seed N] [--without inbox|outbox|conditional-update|read-then-write]
 *
 * Bundles the adversary with the real handlers into dist/ and runs it on servers of its own.
 */
import { build } from 'esbuild'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const outfile = join(ROOT, 'dist', 'adversary.cjs')
process.chdir(ROOT)
await build({
  absWorkingDir: ROOT,
  entryPoints: ['tests/adversary/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
})
createRequire(import.meta.url)(outfile)
