import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secretsIn } from './secrets'

describe('the secrets of an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-secrets-'))
  const file = join(folder, 'secrets.json')
  afterAll(() => rmSync(folder, { recursive: true }))

  test('are made once and kept', () => {
    const first = secretsIn(file)
    const second = secretsIn(file)

    expect([first.made, second.made]).toEqual([true, false])
    expect(second.secrets).toEqual(first.secrets)
  })

  test.each([
    ['cut short', (text: string) => text.slice(0, 100), 'it is not whole JSON'],
    ['empty', () => '', 'it is not whole JSON'],
    ['another kind of JSON', () => 'null', 'adminPassword is missing'],
    ['without one', (text: string) => text.replace('redisToken', 'token'), 'redisToken is missing'],
    ['without a key', (text: string) => text.replace('"d"', '"e"'), 'accessTokenKey.d is missing'],
  ])('are refused in one sentence when the file is %s, and left as they are', (_, damage, cause) => {
    rmSync(file, { force: true })
    secretsIn(file)
    const broken = damage(readFileSync(file, 'utf8'))
    writeFileSync(file, broken)

    expect(() => secretsIn(file)).toThrow(
      `The secrets in ${file} cannot be read (${cause}): restore a backup of it, or run ` +
        '"npm start -- --fresh" to begin anew, which forgets all data.',
    )

    expect(readFileSync(file, 'utf8')).toBe(broken)
  })
})
