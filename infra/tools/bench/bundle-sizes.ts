import { readFileSync } from 'node:fs'
import { median, type Row } from './row'

const TARGET_KIB = 400

/** The functions' bundles as the build made them. */
export function measureBundles(): Row[] {
  const { outputs } = JSON.parse(readFileSync('dist/meta.json', 'utf8')) as {
    outputs: Record<string, { bytes: number }>
  }
  const sizes = Object.entries(outputs)
    .filter(([file]) => /^dist\/functions\/.*\.cjs$/.test(file))
    .map(([, { bytes }]) => bytes / 1024)
  const common = { unit: 'KiB', n: sizes.length, target: TARGET_KIB } as const
  return [
    { ...common, what: 'largest bundle of a function', value: Math.max(...sizes) },
    { ...common, what: 'median bundle of a function', value: median(sizes) },
  ]
}
