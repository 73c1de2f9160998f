import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownPorts } from '#support/ports'
import { startRedis } from './redis'

describe('Redis of the embedded platform, whose files are damaged,', () => {
  const home = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-redis-damage-`))
  const kept = join(home, 'redis/appendonlydir')
  const file = (name: string) => join(kept, `appendonly.aof.${name}`)
  let ports: [port: number, restPort: number] = [0, 0]
  const start = () =>
    startRedis({
      folder: join(home, 'redis'),
      port: ports[0],
      restPort: ports[1],
      runFolder: join(home, 'run'),
      cacheFolder: join(__dirname, '../../.kiosk/cache/bin'),
    })

  beforeAll(async () => {
    ports = (await ownPorts(2)) as typeof ports
    await (await start()).stop()
  })
  afterAll(() => rmSync(home, { recursive: true }))

  test.each([
    ['manifest', 'file appen', 'The AOF manifest file contains too long line'],
    ['1.base.rdb', 'nonsense', 'Bad file format reading the append only file appendonly.aof.1.base.rdb'],
    [
      '1.incr.aof',
      '*1\r\nnonsense',
      'Bad file format reading the append only file appendonly.aof.1.incr.aof',
    ],
    [
      '1.incr.aof',
      '*1\r\n$3\r\nFOO\r\n*1\r\n',
      "Unknown command 'FOO' reading the append only file appendonly.aof.1.incr.aof",
    ],
  ])('names the %s and says what to do', async (name, content, cause) => {
    const whole = readFileSync(file(name))
    writeFileSync(file(name), content)

    await expect(start()).rejects.toThrow(
      `The carts and the cache in ${file(name)} cannot be read (${cause}): restore a backup of it, or run ` +
        '"npm start -- --fresh" to begin anew, which forgets all data.',
    )

    writeFileSync(file(name), whole)
  })

  test('mends a file that a crash cut short at its end', async () => {
    appendFileSync(file('1.incr.aof'), '*2\r\n$6\r\nSEL')

    const redis = await start()

    await redis.stop()
  })
})
