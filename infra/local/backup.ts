import { existsSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { claim, urlOfRunning, withPostgres } from './backup/server'
import { takeBackup, type Taken } from './backup/take'
import { onEnd } from './ending'
import { foldersOf, type LocalFolders } from './layout'
import { runningPlatform } from './running'
import { progressOn } from './screen'

const USAGE = `usage: npm run backup [-- FILE] [-- --state=FOLDER]

  FILE            where the backup goes; FOLDER/backups/kiosk-<moment>.tar.gz when not given
  --state=FOLDER  of the installation; .kiosk/ when not given`

/** `npm run backup`: one file with all that an installation has to keep, as of one moment, whether it runs or not. */
async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  if (!options) {
    refuse(USAGE)
    return
  }
  const { folders } = options
  const file = options.file ?? join(folders.state, 'backups', `kiosk-${stamp(new Date())}.tar.gz`)
  if (!existsSync(join(folders.postgres, 'data'))) {
    refuse(`There is no shop in ${folders.state} yet: npm start makes one.`)
    return
  }
  if (existsSync(file)) {
    refuse(`${file} is there already: name another file.`)
    return
  }
  try {
    console.log('\nKiosk backup\n')
    const taken = await (runningPlatform(folders) ? ofRunning(folders, file) : ofStopped(folders, file))
    console.log(described(taken, file))
    process.exit(0)
  } catch (error) {
    console.error(`\nNo backup was made: ${(error as Error).message}`)
    process.exit(1)
  }
}

const progress = progressOn((line) => console.log(line))

async function ofRunning(folders: LocalFolders, file: string): Promise<Taken> {
  onEnd(() => {
    rmSync(`${file}.part`, { force: true })
    process.exit(130)
  })
  return takeBackup(await urlOfRunning(folders.postgres), folders, file, progress)
}

async function ofStopped(folders: LocalFolders, file: string): Promise<Taken> {
  const { release } = await claim(folders, () => rmSync(`${file}.part`, { force: true }))
  try {
    return await withPostgres(folders.postgres, folders.run, ({ adminUrl }) =>
      takeBackup(adminUrl, folders, file, progress),
    )
  } finally {
    release()
  }
}

/** As it is typed from here; a path that leads up is better read whole. */
const shown = (file: string) => {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}

const described = ({ moment, kiosk, postgres, bytes }: Taken, file: string) => `
${shown(file)} (${(bytes / 1e6).toFixed(1)} MB)
  every domain as of ${moment}, Kiosk ${kiosk}, Postgres ${postgres}

  It holds personal data and the shop's keys: keep it where only you can read it.
  npm run restore -- ${shown(file)} puts it back.
`

/** A moment as a part of a file's name on any system. */
const stamp = (moment: Date) => moment.toISOString().slice(0, 19).replaceAll(':', '-') + 'Z'

function optionsOf(words: string[]): { folders: LocalFolders; file: string | undefined } | undefined {
  let [state, file] = ['.kiosk', undefined as string | undefined]
  for (const word of words) {
    if (word.startsWith('--state=')) state = word.slice(8)
    else if (!word.startsWith('-') && file === undefined) file = resolve(word)
    else return undefined
  }
  return { folders: foldersOf(process.cwd(), resolve(state)), file }
}

function refuse(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

void main()
