import { readFileSync } from 'node:fs'
import { operations } from '#support/tree'

interface Meta {
  outputs: Record<string, { bytes: number; inputs: Record<string, { bytesInOutput: number }> }>
}

const meta = JSON.parse(readFileSync('dist/meta.json', 'utf8')) as Meta
const LIMIT = 400 * 1024

describe.each(operations())('the bundle of $domain/$name', ({ domain, name, needs = [] }) => {
  const output = meta.outputs[`dist/functions/${domain}/${name}.cjs`]!
  const packages = new Set(
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
  )

  test('is at most 400 KiB', () => {
    expect(output.bytes).toBeLessThanOrEqual(LIMIT)
  })

  test('holds no package that its function.json does not justify', () => {
    const justified = { pg: needs.includes('postgres'), '@upstash/redis': needs.includes('redis') }
    const stowaways = Object.entries(justified).filter(([name, needed]) => packages.has(name) && !needed)
    expect(stowaways).toEqual([])
    expect(packages.has('express')).toBe(false)
    expect(packages.has('libphonenumber-js')).toBe(false)
  })
})
