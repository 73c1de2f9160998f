import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { derive } from './derive'

/** `npm run generate [-- --check]`: writes every derived file, or says which are not fresh. */
async function main(): Promise<void> {
  const root = process.cwd()
  const check = process.argv.includes('--check')
  const files = await derive(root)
  const stale = [...files].filter(
    ([file, text]) => !existsSync(join(root, file)) || read(join(root, file)) !== text,
  )
  const orphans = manifestsIn(join(root, 'knative/base'), 'knative/base')
    .filter((file) => !files.has(file))
    .filter((file) => read(join(root, file)).startsWith('# Derived from'))

  if (check) {
    for (const file of [...stale.map(([name]) => name), ...orphans]) console.error(`not fresh: ${file}`)
    if (stale.length + orphans.length === 0) {
      console.log(`${files.size} derived files are fresh`)
      return
    }
    console.error('Run `npm run generate` and commit what it changed.')
    process.exitCode = 1
    return
  }
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
    console.log(`wrote ${file}`)
  }
  for (const file of orphans) {
    rmSync(join(root, file))
    console.log(`removed ${file}`)
  }
}

const read = (file: string) => readFileSync(file, 'utf8')

function manifestsIn(folder: string, name: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? manifestsIn(join(folder, entry.name), `${name}/${entry.name}`)
      : [`${name}/${entry.name}`],
  )
}

void main()
