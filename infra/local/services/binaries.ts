import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { unpackedFrom, unpackPackage } from './debian-packages'

const run = promisify(execFile)

/** A server program that npm does not ship. */
export type Program = 'nats-server' | 'redis-server'

/** How to start a program: its file, and what its environment must hold. */
export interface Binary {
  command: string
  env: Record<string, string>
}

export interface BinarySearch {
  /** Programs that were unpacked once are kept here; `.kiosk/cache/bin` of a checkout. */
  cacheFolder: string
  /** Where installed programs are looked for, with the usual folders of servers added; empty is nowhere. */
  path?: string | undefined
  onProgress?: ((line: string) => void) | undefined
}

/** Valkey is Redis under another name where a distribution no longer ships Redis. */
const NAMES: Record<Program, string[]> = {
  'nats-server': ['nats-server'],
  'redis-server': ['redis-server', 'valkey-server'],
}

const INSTALL: [manager: string, command: Record<Program, string>][] = [
  [
    'apt-get',
    {
      'nats-server': 'sudo apt-get install nats-server',
      'redis-server': 'sudo apt-get install redis-server',
    },
  ],
  ['dnf', { 'nats-server': 'sudo dnf install nats-server', 'redis-server': 'sudo dnf install redis' }],
  ['pacman', { 'nats-server': 'sudo pacman -S nats-server', 'redis-server': 'sudo pacman -S redis' }],
  ['brew', { 'nats-server': 'brew install nats-server', 'redis-server': 'brew install redis' }],
]

const ELSEWHERE: Record<Program, string> = {
  'nats-server': 'install it from https://nats.io/download',
  'redis-server': 'install it from https://redis.io/downloads',
}

/**
 * Finds a server program: an installed one, else one from the cache, else (on Debian and its kin) unpacked into the
 * cache from the distribution's own packages, with nothing installed and no rights needed. Works offline once cached.
 * Where none of this is possible it fails with one sentence that says how to install the program here.
 */
export async function findBinary(program: Program, search: BinarySearch): Promise<Binary> {
  const { cacheFolder, path = process.env['PATH'] ?? '', onProgress } = search
  const installed = onPath(path === '' ? '' : systemPath(path), NAMES[program])
  if (installed !== undefined) return { command: installed, env: {} }

  const folder = join(cacheFolder, program)
  const cached = await unpackedFrom(folder, program)
  if (cached && (await works(cached))) return cached

  if (onPath(systemPath(path), ['apt-get']) && onPath(systemPath(path), ['dpkg-deb'])) {
    try {
      const unpacked = await unpackPackage(program, { folder, onProgress })
      if (await works(unpacked)) return unpacked
    } catch (error) {
      throw new Error(`${notFound(program, path)} (${(error as Error).message})`, { cause: error })
    }
  }
  throw new Error(notFound(program, path))
}

/** Servers are often in folders that an ordinary user's PATH leaves out. */
const systemPath = (path: string): string =>
  [path, '/usr/local/sbin', '/usr/sbin', '/usr/bin'].join(delimiter)

function onPath(path: string, names: string[]): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file))
}

/** A cache can outlive the system it was filled on: a library may be gone since. */
const works = ({ command, env }: Binary): Promise<boolean> =>
  run(command, ['--version'], { env, timeout: 10_000 }).then(
    () => true,
    () => false,
  )

function notFound(program: Program, path: string): string {
  const commands = INSTALL.find(([manager]) => onPath(systemPath(path), [manager]))?.[1] ?? ELSEWHERE
  const command = process.getuid?.() === 0 ? commands[program].replace('sudo ', '') : commands[program]
  return `${program} is needed and was not found: ${command}, then start again.`
}
