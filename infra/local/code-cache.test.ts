import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, tinyFunctions } from '#support/tiny-functions'

const { folder } = tinyFunctions()
const preload = bundle('infra/local/code-cache-process.ts', join(folder, 'code-cache.cjs'))
const compiled = join(folder, 'compiled')
const big = join(folder, 'big.cjs')

const write = (word: string) => {
  const padding = Array.from(
    { length: 1_000 },
    (_, index) => `function f${index}() { return ${index} }`,
  ).join('\n')
  writeFileSync(
    big,
    `${padding}\nconsole.log('${word}', require('node:path').basename(__filename), module.id, this === exports)`,
  )
}
const run = (env: Record<string, string> = { NODE_COMPILE_CACHE: compiled }) =>
  spawnSync(process.execPath, ['--require', preload, big], { env, encoding: 'utf8' })
const cacheFile = () => join(compiled, readdirSync(compiled).filter((name) => name.includes('big'))[0]!)

test('a module runs the same when it is compiled, when it was kept, and when it changed since', () => {
  write('first')
  const fresh = run()
  const kept = statSync(cacheFile()).mtimeMs
  const again = run()
  const unchanged = statSync(cacheFile()).mtimeMs
  write('other')
  const changed = run()

  expect([fresh.stdout, again.stdout, changed.stdout]).toEqual([
    'first big.cjs . true\n',
    'first big.cjs . true\n',
    'other big.cjs . true\n',
  ])
  expect(unchanged).toBe(kept)
  expect(readdirSync(compiled).filter((name) => name.includes('big'))).toHaveLength(1)
})

test('what was kept and is damaged is compiled anew', () => {
  write('damaged')
  run()
  const bytes = readFileSync(cacheFile())
  writeFileSync(cacheFile(), bytes.subarray(0, 200))

  const answer = run()

  expect(answer).toMatchObject({ status: 0, stdout: 'damaged big.cjs . true\n', stderr: '' })
})

test('does nothing without a folder', () => {
  write('alone')

  expect(run({}).stdout).toBe('alone big.cjs . true\n')
})
