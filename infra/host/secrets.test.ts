import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settingsIn } from './secrets'

const home = mkdtempSync(join(tmpdir(), 'kiosk-secrets-'))
afterAll(() => rmSync(home, { recursive: true }))

let folder: string
beforeEach(() => (folder = mkdtempSync(join(home, 'secrets-'))))

const mounted = (name: string, text: string) => writeFileSync(join(folder, name), text)

test('reads a file for each key, as Kubernetes mounts a Secret', () => {
  mkdirSync(join(folder, '..2026_03_01'))
  writeFileSync(join(folder, '..2026_03_01', 'DATABASE_URL'), 'postgres://orders')
  symlinkSync('..2026_03_01', join(folder, '..data'))
  symlinkSync('..data/DATABASE_URL', join(folder, 'DATABASE_URL'))
  mounted('ACCESS_TOKEN_KEY', '{"kty":"OKP"}\n')

  expect(settingsIn(folder)).toEqual({
    DATABASE_URL: 'postgres://orders',
    ACCESS_TOKEN_KEY: '{"kty":"OKP"}',
  })
})

test('reads a file for each Secret, as faasd mounts one: a line for each key', () => {
  mounted('redis', '# the cache\nREDIS_URL=http://redis\n\nREDIS_TOKEN=a=b#c "d"\n')
  mounted('orders-database', 'DATABASE_URL=postgres://orders')

  expect(settingsIn(folder)).toEqual({
    REDIS_URL: 'http://redis',
    REDIS_TOKEN: 'a=b#c "d"',
    DATABASE_URL: 'postgres://orders',
  })
})

test('leaves alone the keys of a Secret that are no settings', () => {
  mounted('username', 'app')
  mounted('password', 'hunter2')
  mounted('DATABASE_URL', 'postgres://app')

  expect(settingsIn(folder)).toEqual({ DATABASE_URL: 'postgres://app' })
})

test('has nothing to read where there is no such folder', () => {
  expect(settingsIn(join(folder, 'nowhere'))).toEqual({})
})

test('says which line of a secret it cannot read, but not what it says', () => {
  mounted('redis', 'REDIS_URL=http://redis\nhunter2\n')

  expect(() => settingsIn(folder)).toThrow(new Error('line 2 of the secret redis is not KEY=value'))
})
