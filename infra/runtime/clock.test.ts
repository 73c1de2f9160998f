import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clockIn, systemClock } from './clock'

const HOUR = 3_600_000

describe('the clock of a process', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kiosk-clock-')), 'clock')
  const hoursAhead = () => Math.round((clockIn({ KIOSK_CLOCK: file }).now().getTime() - Date.now()) / HOUR)

  test("is the system's, unless it is told otherwise", () => {
    expect(clockIn({})).toBe(systemClock)
    expect(clockIn({ KIOSK_CLOCK: '' })).toBe(systemClock)
  })

  test('is moved by whoever writes the file, while it runs', () => {
    writeFileSync(file, '0\n')
    const clock = clockIn({ KIOSK_CLOCK: file })
    const before = clock.now()
    writeFileSync(file, `${24 * HOUR}`)
    const after = clock.now()

    expect(Math.round((after.getTime() - before.getTime()) / HOUR)).toBe(24)
    expect(hoursAhead()).toBe(24)
  })

  test('goes on as it went while the file is being written', () => {
    writeFileSync(file, `${HOUR}`)
    const clock = clockIn({ KIOSK_CLOCK: file })
    clock.now()
    writeFileSync(file, '')

    expect(Math.round((clock.now().getTime() - Date.now()) / HOUR)).toBe(1)
  })

  test.each(['soon', '1.5', '99999999999999'])('does not guess what "%s" means', (text) => {
    writeFileSync(file, text)

    expect(() => clockIn({ KIOSK_CLOCK: file }).now()).toThrow('should hold milliseconds')
  })

  test('cannot be moved in a cluster', () => {
    expect(() => clockIn({ KIOSK_CLOCK: file, KUBERNETES_SERVICE_HOST: '10.96.0.1' })).toThrow(
      'embedded platform only',
    )
  })

  test('is named by nothing that is deployed', () => {
    const places = ['knative', 'infra/cluster', 'infra/openfaas', 'Dockerfile', 'infra/tools/images']
    const found = () =>
      execFileSync('git', ['grep', '-l', 'KIOSK_CLOCK', '--', ...places], { encoding: 'utf8' })

    expect(found).toThrow('Command failed')
  })
})
