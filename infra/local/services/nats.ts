import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinary } from './binaries'
import { expectAnswer, expectFree } from '../processes/ports'
import { supervise } from '../processes/processes'
import { damaged } from '../damage'

export interface NatsOptions {
  /** Configuration, log and streams. */
  folder: string
  port: number
  /** Where running processes are recorded. */
  runFolder: string
  /** Where programs that are not installed are kept, see `findBinary`. */
  cacheFolder: string
  onProgress?: (line: string) => void
}

export interface Nats {
  url: string
  pid(): number | undefined
  stop(): Promise<void>
}

/**
 * Starts a real NATS server with JetStream on disk, on the loopback address, and keeps it running. An acknowledged
 * message survives the death of the process; that of the machine may take those of the last two minutes, which `npm start`
 * then has told again (`announceAgain`).
 */
export async function startNats({
  folder,
  port,
  runFolder,
  cacheFolder,
  onProgress,
}: NatsOptions): Promise<Nats> {
  await expectFree(port, 'NATS')
  const { command, env } = await findBinary('nats-server', { cacheFolder, onProgress })
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'nats-server.conf')
  await writeFile(config, configuration(folder, port))
  const server = supervise({
    name: 'nats',
    command,
    args: ['--config', config],
    env,
    cwd: folder,
    logFile: join(folder, 'nats.log'),
    runFolder,
    hopeless: (words) => whyHopeless(words, folder),
    ready: () => expectAnswer(port, /^INFO .*"jetstream":true/),
  })
  await server.whenReady
  return { url: `nats://127.0.0.1:${port}`, pid: server.pid, stop: server.stop }
}

/** nats-server leaves a stream or consumer that it cannot read aside and starts without it: its events would be lost. */
const LEFT_ASIDE =
  /\[(?:FTL|ERR|WRN)\] +((?:Can't start JetStream|(?:Stream|Consumer) metafile|Missing (?:stream|consumer)|Error \w+ (?:stream|consumer)).*)/

function whyHopeless(words: string, folder: string): Error | undefined {
  const [, cause] = LEFT_ASIDE.exec(words) ?? []
  return cause === undefined ? undefined : damaged('events', join(folder, 'jetstream'), cause)
}

const configuration = (folder: string, port: number): string => `
listen: "127.0.0.1:${port}"
server_name: kiosk
jetstream {
  store_dir: ${JSON.stringify(join(folder, 'jetstream'))}
  max_memory_store: 64MB
  max_file_store: 8GB
}
`
