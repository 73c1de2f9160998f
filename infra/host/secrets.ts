import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where OpenFaaS mounts the Secrets of a function (its documentation, "Secrets"). */
export const OPENFAAS_SECRETS = '/var/openfaas/secrets'

const VARIABLE = /^[A-Z][A-Z0-9_]*$/

/**
 * The settings that stand in the files of a folder; none if there is no such folder.
 *
 * A file named like a variable holds its value: so Kubernetes mounts a Secret of several keys. Another file may be a whole
 * Secret, a line `KEY=value` for each key, the value as it is to the end of its line: so faasd mounts one. If some lines
 * are neither that, nor empty, nor a `#` comment, it is an error that says where, and not what; if all are, it is no
 * setting of ours (a database's `password`, say).
 */
export function settingsIn(folder: string): Record<string, string> {
  const files = namesIn(folder).filter((name) => statSync(join(folder, name)).isFile())
  const settings = files.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return VARIABLE.test(name) ? { [name]: text.replace(/\r?\n$/, '') } : linesOf(text, name)
  })
  return Object.assign({}, ...settings) as Record<string, string>
}

/** Names with a dot in front are Kubernetes' own, the folders that it swaps when a Secret changes. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function linesOf(text: string, file: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line, at: at + 1 }))
  const said = lines.filter(({ line }) => line !== '' && !line.startsWith('#'))
  const read = said.map(({ line, at }) => ({ at, setting: /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) }))
  const strange = read.find(({ setting }) => setting === null)
  if (strange && read.some(({ setting }) => setting !== null)) {
    throw new Error(`line ${strange.at} of the secret ${file} is not KEY=value`)
  }
  return Object.fromEntries(read.flatMap(({ setting }) => (setting ? [[setting[1]!, setting[2]!]] : [])))
}
