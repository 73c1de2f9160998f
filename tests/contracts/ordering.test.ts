import { readFileSync } from 'node:fs'
import { operations } from '#support/tree'

test('what the order of events means is told of every consumer, and of nobody else', () => {
  const table = readFileSync('docs/ordering.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| [a-z]+\//.test(line))
  const told = table.flatMap((line) => line.split('|')[1]!.trim().split(', '))
  const consumers = operations()
    .filter(({ on }) => on)
    .map(({ domain, name }) => `${domain}/${name}`)

  expect(told.sort()).toEqual(consumers.sort())
})
