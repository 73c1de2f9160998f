import { existsSync, readdirSync } from 'node:fs'
import type { Operation } from '#runtime/operation'
import { operationOf } from './domain'

export const foldersOf = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

/** Every operation of the tree. */
export const operations = (): (Operation & { deadLetters?: true; internal?: true })[] =>
  foldersOf('functions').flatMap((domain) =>
    foldersOf(`functions/${domain}`)
      .filter((name) => existsSync(`functions/${domain}/${name}/function.json`))
      .map((name) => operationOf(`${domain}/${name}`)),
  )

/** Every operation as the world sees it: what is internal has no route. */
export const published = (): Operation[] =>
  operations().map(({ http, ...operation }) => ({
    ...operation,
    ...(http && !operation.internal && { http }),
  }))
