import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { detourIn, type Detours } from './detours'
import { onEnd } from './ending'
import {
  foldersOf,
  forgetAll,
  LARGEST_OFFSET,
  listenersOn,
  portsFrom,
  type LocalFolders,
  type LocalPorts,
} from './layout'
import { startPlatform } from './platform'
import { expectAllFree } from './processes/ports'
import {
  dismissOwn,
  forget,
  identityOf,
  remember,
  stopLeftovers,
  wasCutOff,
} from './processes/process-records'
import { runningPlatform } from './running'
import { progressOn, seconds } from './screen'

const USAGE = `usage: npm start [-- --fresh] [-- --state=FOLDER] [-- --ports=+N] [-- --clock=movable]
                  [-- --detour=SERVICE:PORT]

  --fresh         forget every order, mail and password of this installation, and begin anew
  --state=FOLDER  keep data there and not in .kiosk/
  --ports=+N      add N to every port, for a second platform beside the first; at most ${LARGEST_OFFSET}
  --clock=movable the shop's time can be moved, to see a day pass: by as many milliseconds as are written
                  into FOLDER/clock
  --detour=SERVICE:PORT
                  the functions and the brokers reach postgres, nats, redis or sandbox by that port, where
                  somebody stands between, as "npm run chaos" does`

/** `npm start`: the whole shop on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  if (!options) {
    refuse(USAGE)
    return
  }
  const { folders, ports, ...wishes } = options
  const already = runningPlatform(folders)
  if (already) {
    if (wishes.fresh) refuse(`Kiosk runs already (process ${already.pid}): npm stop, then start it fresh.`)
    else console.log(`Kiosk runs already (process ${already.pid}). ${addresses(ports)}`)
    return
  }

  try {
    await start(folders, ports, wishes)
  } catch (error) {
    forget(folders.run, 'platform')
    console.error(`\nKiosk could not start: ${(error as Error).message}`)
    process.exit(1)
  }
}

async function start(folders: LocalFolders, ports: LocalPorts, { fresh, ...wishes }: Wishes): Promise<void> {
  const started = performance.now()
  console.log('\nKiosk\n')
  const cutOff = wasCutOff(folders.run)
  const left = await stopLeftovers(folders.run)
  if (left.length > 0) console.log(`    stopped what a killed platform left running: ${left.join(', ')}`)
  await expectAllFree(listenersOn(ports))
  if (fresh) forgetAll(folders)
  mkdirSync(folders.run, { recursive: true })
  const me = identityOf(process.pid)!
  remember(folders.run, { name: 'platform', ...me, supervisor: me, stopSignal: 'SIGTERM' })
  const progress = progressOn((line) => console.log(line))
  const ending = onEnd(() => {
    dismissOwn(folders.run)
    forget(folders.run, 'platform')
    process.exit(130)
  })
  const platform = await startPlatform(folders, ports, progress, { ...wishes, cutOff })
  ending.by = async () => {
    console.log('\nStopping: what is under way is finished first.')
    await platform.stop()
    forget(folders.run, 'platform')
  }
  console.log(
    `\nReady in ${seconds(performance.now() - started).trim()}, ${platform.functions} functions, all at zero.`,
  )
  console.log(addresses(ports))
  if (platform.newPassword) {
    console.log(
      `  admin@kiosk.example has the password ${platform.newPassword} (kept in ${folders.secrets})\n`,
    )
  }
}

interface Wishes {
  fresh: boolean
  movableClock: boolean
  detours: Detours
}

function optionsOf(words: string[]): ({ folders: LocalFolders; ports: LocalPorts } & Wishes) | undefined {
  let [state, offset, fresh, movableClock] = ['.kiosk', 0, false, false]
  const detours: Detours = {}
  for (const word of words) {
    const detour = detourIn(word)
    const ports = /^--ports=\+(\d{1,5})$/.exec(word)
    if (word === '--fresh') fresh = true
    else if (word === '--clock=movable') movableClock = true
    else if (word.startsWith('--state=')) state = word.slice(8)
    else if (ports) offset = Number(ports[1])
    else if (detour) Object.assign(detours, detour)
    else return undefined
  }
  if (offset > LARGEST_OFFSET) return undefined
  const folders = foldersOf(process.cwd(), resolve(state))
  return { folders, ports: portsFrom(offset), fresh, movableClock, detours }
}

function refuse(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

const addresses = ({ gateway, broker, mailbox, console: page }: LocalPorts) => `
  the API       http://localhost:${gateway}        (its page is there too)
  one function  http://place-order.localhost:${gateway}
  brokers       http://localhost:${broker}/kiosk/orders
  the mailbox   http://localhost:${mailbox}
  the console   http://localhost:${page}

  npm run demo in another terminal buys something; Ctrl-C stops everything.
`

void main()
