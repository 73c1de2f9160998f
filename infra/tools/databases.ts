/**
 * The database of each domain in a cluster, from one template: what is written once for one is true for all, and a
 * new folder of infra/postgres gets a database by being there.
 */
export const databasesOf = (template: string, domains: readonly string[]): string =>
  '# Derived from database.template.yaml and the folders of infra/postgres by `npm run generate`; change those.\n' +
  domains.map((domain) => withoutComments(template).replaceAll('DOMAIN', domain)).join('---\n')

const withoutComments = (yaml: string) => yaml.replaceAll(/^\s*#.*\n/gm, '')
