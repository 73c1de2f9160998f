import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is derived for each domain, and from which template beside it. */
const DERIVED = {
  'infra/cluster/postgres/databases.yaml': 'database.template.yaml',
  'infra/cluster/postgres-recovery/recoveries.yaml': 'recovery.template.yaml',
}

/**
 * The database of each domain in a cluster, and how it comes back from its backups, each from one template: what is
 * written once for one is true for all, and a new folder of infra/postgres gets a database by being there.
 */
export const databaseFiles = (root: string, domains: readonly string[]): [file: string, text: string][] =>
  Object.entries(DERIVED).map(([file, name]) => {
    const template = readFileSync(join(root, file, '..', name), 'utf8')
    return [file, derived(name, template, domains)]
  })

const derived = (name: string, template: string, domains: readonly string[]): string =>
  `# Derived from ${name} and the folders of infra/postgres by \`npm run generate\`; change those.\n` +
  domains.map((domain) => withoutComments(template).replaceAll('DOMAIN', domain)).join('---\n')

const withoutComments = (yaml: string) => yaml.replaceAll(/^\s*#.*\n/gm, '')
