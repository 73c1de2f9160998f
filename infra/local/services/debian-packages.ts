import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program in an unpacked tree, and the libraries it was unpacked with. */
export interface UnpackedProgram {
  command: string
  env: Record<string, string>
}

interface Unpacking {
  /** Where the package's tree goes: it appears there whole or not at all. */
  folder: string
  onProgress?: ((line: string) => void) | undefined
}

const ABANDONED_AFTER_MS = 600_000

/** The C library must be the one that the system's loader belongs to. */
const NEVER = /^(libc6|libc-bin)(:|$)/

/**
 * Unpacks a Debian package and whatever it depends on that this system lacks, without installing anything: apt is
 * asked what it would install, downloads just that, and dpkg-deb unpacks it. Lists that are missing or out of date are
 * fetched into a folder of their own, so the system's stay as they are. Interrupted, it leaves only a temporary folder
 * that the next time removes.
 */
export async function unpackPackage(
  name: string,
  { folder, onProgress }: Unpacking,
): Promise<UnpackedProgram> {
  const parent = dirname(folder)
  await mkdir(parent, { recursive: true })
  for (const left of (await readdir(parent)).filter((entry) => entry.startsWith(`.${name}-`))) {
    await removeWhenOld(join(parent, left))
  }
  const work = await mkdtemp(join(parent, `.${name}-`))
  try {
    onProgress?.(`Unpacking ${name} from this system's package archive, once.`)
    await download(name, work).catch(async () => {
      onProgress?.('Fetching the list of packages first.')
      await download(name, work, await privateLists(work))
    })
    const tree = join(work, 'tree')
    for (const file of (await readdir(work)).filter((entry) => entry.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(work, file), tree])
    }
    await replace(tree, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const unpacked = await unpackedFrom(folder, name)
  if (!unpacked) throw new Error(`the package ${name} holds no program of that name`)
  return unpacked
}

/** The program in a tree unpacked earlier; undefined when there is none. */
export async function unpackedFrom(folder: string, program: string): Promise<UnpackedProgram | undefined> {
  for (const bin of ['usr/bin', 'usr/sbin']) {
    if (!(await entries(join(folder, bin))).includes(program)) continue
    const libraries = await libraryFolders(folder)
    const env: Record<string, string> = {}
    if (libraries.length > 0) env['LD_LIBRARY_PATH'] = libraries.join(':')
    return { command: join(folder, bin, program), env }
  }
  return undefined
}

/** Libraries are in `lib` or in a folder of it named for the machine (Debian's multiarch). */
async function libraryFolders(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const lib of ['usr/lib', 'lib']) {
    const inside = (await entries(join(folder, lib))).map((entry) => join(folder, lib, entry))
    for (const candidate of [join(folder, lib), ...inside]) {
      if ((await entries(candidate)).some((entry) => /\.so(\.|$)/.test(entry))) found.push(candidate)
    }
  }
  return found
}

async function download(name: string, work: string, options: string[] = []): Promise<void> {
  const plan = await apt(work, [...options, '-s', 'install', '--no-install-recommends', name])
  const wanted = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, wants = '']) => wants)
  const names = wanted.filter((wants) => !NEVER.test(wants))
  if (names.length === 0) throw new Error(`apt-get would install nothing for ${name}`)
  await apt(work, [...options, 'download', ...names])
}

/** Options that make apt use lists and caches of our own, freshly fetched. */
async function privateLists(work: string): Promise<string[]> {
  const lists = join(work, 'lists')
  const cache = join(work, 'cache')
  await mkdir(join(lists, 'partial'), { recursive: true })
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true })
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`]
  await apt(work, [...options, 'update'])
  return options
}

/** Root's apt would hand downloads to a user of its own, who may not write into a checkout. */
async function apt(cwd: string, args: string[]): Promise<string> {
  const unboxed = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  try {
    return (await run('apt-get', [...unboxed, '-q', ...args], { cwd, env, timeout: 300_000 })).stdout
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    throw new Error(stderr.match(/^E: .*$/m)?.[0] ?? message, { cause: error })
  }
}

/** In place of a tree that no longer works, or that another process put there meanwhile. */
async function replace(tree: string, folder: string): Promise<void> {
  await rename(tree, folder).catch(async () => {
    await rename(folder, `${tree}.old`)
    await rename(tree, folder)
  })
}

/** What an interrupted unpacking left, but not what another process works on now. */
async function removeWhenOld(path: string): Promise<void> {
  const { mtimeMs } = await stat(path)
  if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true })
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
