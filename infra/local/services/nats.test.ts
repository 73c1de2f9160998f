import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'nats'
import { startNats, type Nats } from './nats'
import { ownPorts } from '#support/ports'

describe('NATS of the embedded platform', () => {
  const home = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-nats-`))
  const cacheFolder = join(__dirname, '../../.kiosk/cache/bin')
  let port = 0
  let nats: Nats

  const start = () =>
    startNats({ folder: join(home, 'nats'), port, runFolder: join(home, 'run'), cacheFolder })
  beforeAll(async () => {
    ;[port = 0] = await ownPorts(1)
    nats = await start()
  })
  afterAll(async () => {
    await nats.stop()
    rmSync(home, { recursive: true })
  })

  const publish = async (word: string) => {
    const connection = await connect({ servers: nats.url })
    await (await connection.jetstreamManager()).streams.add({ name: 'kept', subjects: ['kept.>'] })
    await connection.jetstream().publish('kept.word', word)
    await connection.close()
  }
  const words = async () => {
    const connection = await connect({ servers: nats.url })
    const streams = (await connection.jetstreamManager()).streams
    const { state } = await streams.info('kept')
    const kept: string[] = []
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      kept.push((await streams.getMessage('kept', { seq })).string())
    }
    await connection.close()
    return kept
  }

  test('keeps every acknowledged message over kill -9, after which it is back by itself', async () => {
    await publish('one')
    const before = nats.pid() ?? 0

    process.kill(before, 'SIGKILL')
    const killedAt = Date.now()
    const again = async (): Promise<string[]> =>
      words().catch(async (error: unknown) => {
        if (Date.now() - killedAt > 20_000) throw error
        await sleep(20)
        return again()
      })

    await expect(again()).resolves.toEqual(['one'])
  })

  test('keeps streams over a restart', async () => {
    await publish('two')

    await nats.stop()
    nats = await start()

    await expect(words()).resolves.toEqual(['one', 'two'])
  })

  test('does not start without the events that it cannot read, and says where they are', async () => {
    await nats.stop()
    const meta = join(home, 'nats/jetstream/jetstream/$G/streams/kept/meta.inf')
    const whole = readFileSync(meta)
    truncateSync(meta, 10)

    await expect(start()).rejects.toThrow(
      new RegExp(
        `^The events in ${home}/nats/jetstream cannot be read \\(Stream metafile ".*meta.inf": checksums do not match ` +
          '.*\\): restore a backup of it, or run "npm start -- --fresh" to begin anew, which forgets all data\\.$',
      ),
    )

    writeFileSync(meta, whole)
    nats = await start()
    await expect(words()).resolves.toEqual(['one', 'two'])
  })

  test('refuses a port that is taken in one sentence', async () => {
    await expect(start()).rejects.toThrow(`Port ${port} of 127.0.0.1 is already in use, and NATS needs it`)
  })
})
