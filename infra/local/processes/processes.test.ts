import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '#support/ask'
import { ownPorts } from '#support/ports'
import { expectAnswer, expectFree } from './ports'
import { identityOf, isRunning } from './process-records'
import { supervise, type Supervised, type Supervision } from './processes'

describe('a supervised process', () => {
  const folder = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-processes-`))
  const runFolder = join(folder, 'run')
  const started: Supervised[] = []
  afterEach(() => Promise.all(started.splice(0).map((process) => process.stop())))
  afterAll(() => rmSync(folder, { recursive: true }))

  const start = (script: string, plan: Partial<Supervision> = {}) => {
    const name = `child-${started.length}`
    const child = supervise({
      name,
      command: process.execPath,
      args: ['-e', script],
      logFile: join(folder, `${name}-${Date.now()}.log`),
      runFolder,
      ready: () => Promise.resolve(),
      ...plan,
    })
    started.push(child)
    return child
  }
  const server = (port: number) => `require('net').createServer().listen(${port}, '127.0.0.1')`

  test('is ready when it serves, is recorded, and is gone when stopped', async () => {
    const [port = 0] = await ownPorts(1)

    const child = start(server(port), { name: 'server', ready: () => expectAnswer(port) })
    await child.whenReady

    const record = JSON.parse(readFileSync(join(runFolder, 'server.json'), 'utf8')) as { pid: number }
    expect(record.pid).toBe(child.pid())

    await child.stop()

    await expect(expectFree(port, 'this test')).resolves.toBeUndefined()
    expect(() => readFileSync(join(runFolder, 'server.json'))).toThrow('ENOENT')
  })

  test('is back after kill -9 without another word, as another process', async () => {
    const [port = 0] = await ownPorts(1)
    const ends: unknown[] = []
    const restarted: number[] = []
    const child = start(server(port), {
      ready: () => expectAnswer(port),
      onExit: ({ code, signal }) => ends.push([code, signal]),
      onRestart: (pid) => restarted.push(pid),
    })
    await child.whenReady
    const before = child.pid() ?? 0

    process.kill(before, 'SIGKILL')
    await until(() => restarted.length > 0)

    expect(ends).toEqual([[null, 'SIGKILL']])
    expect(restarted).toEqual([child.pid()])
    expect(restarted).not.toEqual([before])
    await expect(expectAnswer(port)).resolves.toBeUndefined()
  })

  test('that cannot start says its own last words in one sentence', async () => {
    const logFile = join(folder, 'words.log')
    const child = start('console.error("disk is on fire"); process.exit(3)', {
      name: 'oven',
      logFile,
      ready: () => Promise.reject(new Error('not yet')),
    })

    await expect(child.whenReady).rejects.toThrow(
      `oven did not start: disk is on fire (its log is ${logFile})`,
    )
  })

  test('whose program does not exist says so', async () => {
    const child = start('', { name: 'ghost', command: '/nowhere/ghost' })

    await expect(child.whenReady).rejects.toThrow('ghost did not start: spawn /nowhere/ghost ENOENT.')
  })

  test('that never serves is given up, and does not stay', async () => {
    const pids: (number | undefined)[] = []
    const child = start('setInterval(() => undefined, 1000)', {
      name: 'mute',
      ready: () => Promise.reject(new Error('not yet')),
      readyWithinMs: 200,
      onExit: () => pids.push(child.pid()),
    })

    await expect(child.whenReady).rejects.toThrow('mute did not start: it ended with SIGKILL')
    expect(pids).toEqual([undefined])
  })

  test('whose first start fails for a reason that passes is tried again', async () => {
    const mark = join(folder, 'second-time')
    const child = start(
      `const fs = require('fs')
       if (!fs.existsSync(${JSON.stringify(mark)})) {
         fs.writeFileSync(${JSON.stringify(mark)}, '')
         console.error('still in use')
         process.exit(1)
       }
       setInterval(() => undefined, 1000)`,
      {
        passes: /still in use/,
        ready: async () => {
          await sleep(300)
          readFileSync(mark)
        },
      },
    )

    await expect(child.whenReady).resolves.toBeUndefined()
  })

  test('whose words say that it never will is given up at once, even if it seems to serve', async () => {
    const mark = join(folder, 'hopeless')
    const said = join(folder, 'said')
    const child = start(
      `const { writeFileSync } = require('fs')
       process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(mark)}, ''); process.exit() })
       console.log('half of it is missing')
       writeFileSync(${JSON.stringify(said)}, '')
       setInterval(() => undefined, 1000)`,
      {
        hopeless: (words) => (/half .* missing/.test(words) ? new Error('Half is missing.') : undefined),
        ready: async () => {
          while (!existsSync(said)) await sleep(10)
        },
      },
    )

    await expect(child.whenReady).rejects.toThrow(/^Half is missing\.$/)
    expect(readFileSync(mark, 'utf8')).toBe('')
  })

  test('that ignores a polite signal is killed', async () => {
    const mark = join(folder, 'deaf')
    const child = start(
      `process.on('SIGTERM', () => undefined)
       require('fs').writeFileSync(${JSON.stringify(mark)}, '')
       setInterval(() => undefined, 1000)`,
      { ready: async () => void readFileSync(mark), stopWithinMs: 100 },
    )
    await child.whenReady
    const child1 = identityOf(child.pid() ?? 0)!

    await child.stop()

    expect(isRunning(child1)).toBe(false)
  })
})
