import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identityOf, isRunning, remember, stopLeftovers, wasCutOff } from './process-records'

describe('what a killed supervisor left running', () => {
  const runFolder = mkdtempSync(join(tmpdir(), 'kiosk-leftovers-'))
  afterAll(() => rmSync(runFolder, { recursive: true }))

  /** A supervisor that starts a child and is killed with -9. */
  const orphan = async () => {
    const script = `
      const { spawn } = require('child_process')
      const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { detached: true, stdio: 'ignore' })
      console.log(child.pid)
      setInterval(() => undefined, 1000)`
    const { spawn } = await import('node:child_process')
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
    const supervisor = identityOf(parent.pid ?? 0)!
    parent.kill('SIGKILL')
    await new Promise((resolve) => parent.once('exit', resolve))
    return { child: identityOf(pid)!, supervisor }
  }

  test('is stopped, and its record forgotten', async () => {
    const { child, supervisor } = await orphan()
    remember(runFolder, { name: 'left', ...child, stopSignal: 'SIGTERM', supervisor })

    const stopped = await stopLeftovers(runFolder)

    expect(stopped).toEqual(['left'])
    expect(isRunning(child)).toBe(false)
    expect(await stopLeftovers(runFolder)).toEqual([])
  })

  test('is left alone when its number is another process now, or its supervisor lives', async () => {
    const { child, supervisor } = await orphan()
    const me = identityOf(process.pid)!
    remember(runFolder, {
      name: 'other',
      pid: child.pid,
      startedAt: 'then',
      stopSignal: 'SIGTERM',
      supervisor,
    })
    remember(runFolder, { name: 'mine', ...child, stopSignal: 'SIGTERM', supervisor: me })
    writeFileSync(join(runFolder, 'torn.json'), '')

    const stopped = await stopLeftovers(runFolder)

    expect(stopped).toEqual([])
    expect(isRunning(child)).toBe(true)
    process.kill(child.pid, 'SIGKILL')
  })

  test('tells a machine that went down from a supervisor that was killed', async () => {
    const { child, supervisor } = await orphan()
    const record = { name: 'cut-off', ...child, stopSignal: 'SIGTERM' as const, supervisor }
    remember(runFolder, record)
    expect(wasCutOff(runFolder)).toBe(false)

    remember(runFolder, { ...record, startedAt: child.startedAt.replace(/@.*/, '@an-earlier-boot') })
    expect(wasCutOff(runFolder)).toBe(true)

    await stopLeftovers(runFolder)
    expect(wasCutOff(runFolder)).toBe(false)
    process.kill(child.pid, 'SIGKILL')
  })
})
