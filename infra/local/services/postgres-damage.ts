import { join } from 'node:path'
import { damaged } from '../damage'

const FATAL = /(?:FATAL|PANIC): {2}(.*)(?:\n.*DETAIL: {2}(.*))?/g

/** What a server says for good. Other FATAL lines pass, such as those of a server that starts up or recovers. */
const FOR_GOOD = new RegExp(
  'could not (?:access|find|locate|open|read|stat|write|create|fsync|extend)|checksum|invalid|corrupt|' +
    'incompatible|wrong ownership|does not exist|is not a (?:valid )?|contains unexpected|password authentication',
  'i',
)

/** The data is whole: what stands in the way is around it, or goes away by itself. */
const AROUND =
  /Permission denied|No space left|Too many open files|Cannot allocate memory|Address already in use/
const PASSING = /lock file|TCP\/IP sockets|shared memory/

/**
 * Why a Postgres that wrote `words` will never serve: one sentence with its own cause and what to do; undefined while
 * it may still come up.
 */
export function whyHopeless(words: string, folder: string): Error | undefined {
  const lines = [...words.matchAll(FATAL)].map(([, said = '', detail]) => ({ said, detail }))
  const found = lines.find(({ said }) => FOR_GOOD.test(said) && !PASSING.test(said))
  if (!found) return undefined
  const { said, detail } = found
  if (said.startsWith('password authentication')) {
    return damaged("databases' password", join(folder, 'password'), 'Postgres refuses it')
  }
  const cause = detail === undefined ? said : `${said.replace(/\.$/, '')}: ${detail}`
  if (AROUND.test(cause) || /wrong ownership|permissions/.test(said)) return new Error(around(folder, cause))
  return damaged('databases', folder, cause)
}

/** Of what Postgres answers a client: data_corrupted and its kin, undefined_file, io_error, disk_full. */
const BROKEN_DATA = /^(?:XX00[12]|58P01|58030)$/

/** An error of the first statements, explained where it tells of broken data; any other error as it is. */
export function explained(error: unknown, folder: string): unknown {
  const { cause } = error as Error
  const { code, message } = (cause instanceof Error ? cause : error) as Error & { code?: string }
  if (code === '53100') return new Error(around(folder, message), { cause: error })
  return BROKEN_DATA.test(code ?? '') ? damaged('databases', folder, message) : error
}

const around = (folder: string, cause: string) =>
  `The databases in ${folder} cannot be opened: ${cause.replace(/\.$/, '')}; mend that and start again, no data is lost.`
