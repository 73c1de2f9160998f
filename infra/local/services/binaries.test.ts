import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findBinary } from './binaries'

const run = promisify(execFile)

describe('a server program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-binaries-'))
  const cacheFolder = join(folder, 'cache')
  afterAll(() => rmSync(folder, { recursive: true }))

  const program = (file: string, exitCode: number) => {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, `#!/bin/sh\nexit ${exitCode}\n`)
    chmodSync(file, 0o755)
    return file
  }

  test('that is installed is used as it is', async () => {
    const command = program(join(folder, 'bin', 'nats-server'), 0)

    const found = await findBinary('nats-server', { cacheFolder, path: join(folder, 'bin') })

    expect(found).toEqual({ command, env: {} })
  })

  test('that was unpacked once is used from the cache, with the libraries beside it', async () => {
    const tree = join(cacheFolder, 'redis-server')
    const command = program(join(tree, 'usr/bin/redis-server'), 0)
    mkdirSync(join(tree, 'usr/lib/x86_64-linux-gnu'), { recursive: true })
    writeFileSync(join(tree, 'usr/lib/x86_64-linux-gnu/liblzf.so.1'), '')

    const found = await findBinary('redis-server', { cacheFolder, path: '' })

    expect(found).toEqual({ command, env: { LD_LIBRARY_PATH: join(tree, 'usr/lib/x86_64-linux-gnu') } })
  })

  test('that this machine lacks comes from the one cache of the checkout, and runs', async () => {
    const checkout = join(__dirname, '../../.kiosk/cache/bin')

    const { command, env } = await findBinary('redis-server', { cacheFolder: checkout })

    const { stdout } = await run(command, ['--version'], { env })
    expect(stdout).toMatch(/^(Redis|Valkey) server v=/)
  })
})
