import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { startDataServices, type DataServices } from './data-services'
import { onEnd } from './ending'
import { foldersOf, forgetAll, portsFrom, type LocalFolders, type LocalPorts } from './layout'
import { LOOPBACK } from './services/postgres-settings'
import { dismissOwn, forget, identityOf, remember, stopLeftovers } from './processes/process-records'
import { runningPlatform } from './running'
import { progressOn } from './screen'
import { secretsIn } from './secrets'

const USAGE = `usage: npm run data [-- --listen=ADDRESS] [-- --gateway=URL] [-- --fresh]

  --listen=ADDRESS  where pods reach this machine; HOST_IP, or its first address, when not given
  --gateway=URL     where the payment sandbox sends its notices; GATEWAY_URL when not given
  --fresh           forget everything that was kept, and begin anew`

/** Beside the embedded platform's own, so that both can run on one machine. */
const PORTS = portsFrom(1_000)

/**
 * `npm run data`: the data services alone, for functions that run in a cluster on or near this machine. What they are
 * reached by is written to `.kiosk/cluster/data-services.json`, from which `npm run deploy` makes the Secrets.
 */
async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2), process.env)
  if (!options) {
    console.error(USAGE)
    process.exitCode = 1
    return
  }
  const folders = foldersOf(process.cwd(), resolve('.kiosk/cluster'))
  const already = runningPlatform(folders)
  if (already) {
    console.log(`The data services run already (process ${already.pid}).`)
    return
  }
  try {
    await start(folders, options)
  } catch (error) {
    forget(folders.run, 'platform')
    console.error(`\nThe data services could not start: ${(error as Error).message}`)
    process.exit(1)
  }
}

async function start(folders: LocalFolders, { listen, gateway, fresh }: Options): Promise<void> {
  console.log(`\nKiosk's data services on ${listen}\n`)
  await stopLeftovers(folders.run)
  if (fresh) forgetAll(folders)
  mkdirSync(folders.run, { recursive: true })
  const me = identityOf(process.pid)!
  remember(folders.run, { name: 'platform', ...me, supervisor: me, stopSignal: 'SIGTERM' })
  const ending = onEnd(() => {
    dismissOwn(folders.run)
    forget(folders.run, 'platform')
    process.exit(130)
  })
  const progress = progressOn((line) => console.log(line))
  const { secrets } = secretsIn(folders.secrets)
  const noticeUrl = new URL('/v1/payments/notices', gateway).href
  const data = await startDataServices({ folders, ports: PORTS, secrets, progress, listen, noticeUrl })
  const file = join(folders.state, 'data-services.json')
  ending.by = async () => {
    console.log('\nStopping.')
    rmSync(file, { force: true })
    await data.stop()
    forget(folders.run, 'platform')
  }
  writeFileSync(file, `${JSON.stringify(described(data, listen, PORTS), null, 2)}\n`, { mode: 0o600 })
  console.log(`
Ready. In another terminal:

  npm run deploy     puts the shop on the cluster of the current kubectl context
  npm run e2e        buys from it

  the mailbox        http://${listen}:${PORTS.mailbox}
  what is deployed   ${file}
`)
}

/** What a deploy needs to know of them; access tokens and codes are the cluster's own. */
const described = ({ configuration }: DataServices, listen: string, { mailbox }: LocalPorts) => {
  const { 'access-tokens': _, verification: __, ...secrets } = configuration.secrets
  return { secrets, mailboxUrl: `http://${listen}:${mailbox}` }
}

interface Options {
  listen: string
  gateway: string
  fresh: boolean
}

function optionsOf(words: string[], env: NodeJS.ProcessEnv): Options | undefined {
  const listen = env['HOST_IP'] ?? firstAddress()
  const options = { listen, gateway: env['GATEWAY_URL'] ?? `http://${listen}`, fresh: false }
  for (const word of words) {
    if (word === '--fresh') options.fresh = true
    else if (word.startsWith('--listen=')) options.listen = word.slice(9)
    else if (/^--gateway=https?:\/\/./.test(word)) options.gateway = word.slice(10)
    else return undefined
  }
  return options
}

function firstAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? LOOPBACK
}

void main()
