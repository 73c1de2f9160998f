import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { prepare, type Prepared } from './backup/prepare'
import { putBack } from './backup/put-back'
import { RestoredShop } from './backup/reconcile'
import { reportOf } from './backup/report'
import { claim, withPostgres } from './backup/server'
import { unpack, type Unpacked } from './backup/unpack'
import {
  foldersOf,
  LARGEST_OFFSET,
  listenersOn,
  portsFrom,
  type LocalFolders,
  type LocalPorts,
} from './layout'
import { startPlatform } from './platform'
import { expectAllFree } from './processes/ports'
import { runningPlatform } from './running'
import { progressOn } from './screen'

const USAGE = `usage: npm run restore -- FILE [--replace] [--state=FOLDER] [--ports=+N]

  FILE            what npm run backup wrote
  --replace       take the place of the shop that is there; it is kept in FOLDER/replaced/ until the next restore
  --state=FOLDER  of the installation; .kiosk/ when not given
  --ports=+N      add N to every port, as with npm start`

/**
 * `npm run restore`: puts a backup back, has the shop's events sent again, and compares it with the payment gateway, which
 * knows what happened since. Ends with a shop that is stopped, adds up, and can be started.
 */
async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  if (!options) {
    refuse(USAGE)
    return
  }
  const { folders, file, replace } = options
  const running = runningPlatform(folders)
  if (running) {
    refuse(
      `Kiosk runs (process ${running.pid}), and a running shop cannot be restored: npm stop, then again.`,
    )
    return
  }
  if (!existsSync(file)) {
    refuse(`There is no ${file}.`)
    return
  }
  if (existsSync(join(folders.postgres, 'data')) && !replace) {
    refuse(
      `There is a shop in ${folders.state}: add --replace to put the backup in its place (it is kept in ` +
        `${folders.replaced} until the next restore), or --state=FOLDER to restore elsewhere.`,
    )
    return
  }
  try {
    await restore(options)
    process.exit(0)
  } catch (error) {
    const { message } = error as Error
    console.error(
      error instanceof PutBack
        ? `\nThe backup is put back; what the payment gateway knows better is left to the next npm start: ${message}`
        : `\nNot restored: ${message}`,
    )
    process.exit(1)
  }
}

/** From here on the backup is in its place. */
class PutBack extends Error {}

const progress = progressOn((line) => console.log(line))

async function restore({ folders, ports, file }: Options): Promise<void> {
  console.log('\nKiosk restore\n')
  const draft = folders.restoring
  const { ending, release } = await claim(folders, () => rmSync(draft, { recursive: true, force: true }))
  try {
    await expectAllFree(listenersOn(ports))
    const unpacked = await progress.step('Checked', unpack(file, draft, folders.root))
    const prepared = await progress.step('Made ready', madeReady(folders, unpacked))
    await progress.step('Put back', putBack(folders))
    const whenStopped = (stop: () => Promise<void>) => void (ending.by = stop)
    await reconciled({ folders, ports }, prepared, unpacked, whenStopped).catch((error: unknown) => {
      throw new PutBack((error as Error).message, { cause: error })
    })
  } finally {
    release()
  }
}

/** The log that came with the files makes one moment of them, as after a crash. */
const madeReady = (folders: LocalFolders, { moment }: Unpacked): Promise<Prepared> =>
  withPostgres(join(folders.restoring, 'postgres'), folders.run, (postgres) =>
    prepare(postgres, folders.root, moment),
  ).catch((error: unknown) => {
    rmSync(folders.restoring, { recursive: true, force: true })
    throw error
  })

async function reconciled(
  { folders, ports }: Pick<Options, 'folders' | 'ports'>,
  { events, reconciliation }: Prepared,
  { moment, kiosk }: Unpacked,
  whenStopped: (stop: () => Promise<void>) => void,
): Promise<void> {
  const platform = await startPlatform(folders, ports, progress)
  whenStopped(() => platform.stop())
  try {
    const shop = new RestoredShop(folders, ports)
    const outcome = await progress.step('Reconciled', shop.reconcile(reconciliation))
    console.log(`\nThe shop is as of ${moment} (Kiosk ${kiosk}).\n`)
    console.log(`${events} events of the week before were sent again; whoever had handled one did nothing.`)
    for (const line of reportOf(outcome)) console.log(line)
  } finally {
    await platform.stop()
  }
  console.log('\nnpm start opens it.\n')
}

interface Options {
  folders: LocalFolders
  ports: LocalPorts
  file: string
  replace: boolean
}

function optionsOf(words: string[]): Options | undefined {
  let [state, offset, replace, file] = ['.kiosk', 0, false, undefined as string | undefined]
  for (const word of words) {
    const ports = /^--ports=\+(\d{1,5})$/.exec(word)
    if (word === '--replace') replace = true
    else if (word.startsWith('--state=')) state = word.slice(8)
    else if (ports) offset = Number(ports[1])
    else if (!word.startsWith('-') && file === undefined) file = resolve(word)
    else return undefined
  }
  if (file === undefined || offset > LARGEST_OFFSET) return undefined
  return { folders: foldersOf(process.cwd(), resolve(state)), ports: portsFrom(offset), file, replace }
}

function refuse(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

void main()
