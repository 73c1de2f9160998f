import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldersOf } from './layout'
import { identityOf, remember } from './processes/process-records'
import { databaseOfRunning } from './running-database'

describe("the running shop's databases", () => {
  const root = mkdtempSync(join(tmpdir(), 'kiosk-running-'))
  const folders = foldersOf(root, join(root, 'state'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  beforeEach(() => rmSync(folders.state, { recursive: true, force: true }))

  const given = (platform: { pid: number; startedAt: string }, postmaster: string[]) => {
    remember(folders.run, { name: 'platform', ...platform, supervisor: platform, stopSignal: 'SIGTERM' })
    mkdirSync(join(folders.postgres, 'data'), { recursive: true })
    writeFileSync(join(folders.postgres, 'password'), 'secret\n')
    writeFileSync(join(folders.postgres, 'data/postmaster.pid'), postmaster.join('\n'))
  }
  const onPort = (port: number) => [
    '4711',
    join(folders.postgres, 'data'),
    '1772359200',
    String(port),
    '',
    '127.0.0.1',
  ]
  const me = identityOf(process.pid)!

  test('are found on whatever port it was started with', async () => {
    given(me, onPort(18_432))

    const url = new URL(await databaseOfRunning(folders, 'platform'))

    expect([url.username, url.host, url.pathname]).toEqual(['platform', '127.0.0.1:18432', '/platform'])
  })

  test('are nowhere while none runs, whatever a killed one left behind', async () => {
    const refusal = 'The shop does not run: npm start.'

    await expect(databaseOfRunning(folders, 'platform')).rejects.toThrow(refusal)
    given({ ...me, startedAt: 'before' }, onPort(18_432))
    await expect(databaseOfRunning(folders, 'platform')).rejects.toThrow(refusal)
  })

  test('are not there yet while it starts', async () => {
    given(me, ['4711'])

    await expect(databaseOfRunning(folders, 'platform')).rejects.toThrow('is starting or stopping')
  })
})
