import { join } from 'node:path'
import { BASE, builderHere, buildImages, LOCAL } from './images/build'
import { seconds } from '../local/screen'

const USAGE = `usage: npm run images [-- --push=REGISTRY] [-- --archive=FILE]

  --push=REGISTRY   pushes every image there and prints its digest
  --archive=FILE    where all of them are written, for "docker load", kind or containerd; dist/images.tar

  KIOSK_BASE_IMAGE  the base, ${BASE} when not given`

/** `npm run images`: one image for each function, and those that run beside them. */
async function main(): Promise<void> {
  const root = process.cwd()
  const options = optionsOf(process.argv.slice(2))
  if (!options) throw new Error(USAGE)
  const builder = await builderHere()
  if (!builder) throw new Error('images need docker with a running engine, or buildah: install one of them')
  const started = performance.now()
  const base = process.env['KIOSK_BASE_IMAGE'] ?? BASE
  const { images, layout } = await buildImages(builder, { root, repository: options.push ?? LOCAL, base })
  const archive = join(root, options.archive)
  await layout.archive(archive)
  console.log(`${images.length} images in ${options.archive}, ${seconds(performance.now() - started).trim()}`)
  if (options.push === undefined) return
  const references = images.map(({ reference }) => reference)
  const digests = await builder.push(archive, references)
  for (const [reference, digest] of digests) console.log(`${reference.replace(/:[^:/]*$/, '')}@${digest}`)
}

function optionsOf(words: string[]): { push?: string; archive: string } | undefined {
  const options: { push?: string; archive: string } = { archive: 'dist/images.tar' }
  for (const word of words) {
    if (word.startsWith('--push=')) options.push = word.slice(7)
    else if (word.startsWith('--archive=')) options.archive = word.slice(10)
    else return undefined
  }
  return options
}

main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exitCode = 1
})
