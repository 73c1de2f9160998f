import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { operations } from '#support/tree'
import { databaseDomains } from '../tools/tree'

interface Manifest {
  kind: string
  metadata: { name: string }
  spec: Record<string, unknown>
}

const documentsIn = (file: string) =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Manifest)
const yamlBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => join(folder, file))

describe('the databases of a cluster', () => {
  const manifests = documentsIn('infra/cluster/postgres/databases.yaml')
  const domains = databaseDomains('.')

  test.each([
    ['Cluster', 'postgres'],
    ['Pooler', 'pooler'],
    ['PodDisruptionBudget', 'pooler'],
    ['ScheduledBackup', 'backup'],
  ])('are one for each domain that has one: %s', (kind, suffix) => {
    const names = manifests.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name)

    expect(names).toEqual(domains.map((domain) => `${domain}-${suffix}`))
  })

  test('take their password from the Secret that functions take their address from', () => {
    const needing = operations().filter(({ needs }) => needs?.includes('postgres'))
    const secrets = manifests
      .filter(({ kind }) => kind === 'Cluster')
      .map(
        ({ spec }) =>
          (spec as { bootstrap: { initdb: { secret: { name: string } } } }).bootstrap.initdb.secret.name,
      )

    for (const { domain } of needing) expect(secrets).toContain(`${domain}-database`)
  })
})

describe('the databases of a cluster, recovered', () => {
  interface Plugin {
    parameters: { barmanObjectName: string; serverName?: string }
  }
  interface Recovery {
    bootstrap: { initdb: null; recovery: { source: string; secret: { name: string } } }
    externalClusters: { name: string; plugin: Plugin }[]
    plugins: Plugin[]
  }
  const recoveries = documentsIn('infra/cluster/postgres-recovery/recoveries.yaml')

  test('are the same ones, from the place of their backups, and log to another', () => {
    const before = documentsIn('infra/cluster/postgres/databases.yaml').filter(
      ({ kind }) => kind === 'Cluster',
    )

    expect(recoveries.map(({ metadata }) => metadata.name)).toEqual(
      before.map(({ metadata }) => metadata.name),
    )
    for (const { metadata, spec } of recoveries) {
      const { bootstrap, externalClusters, plugins } = spec as unknown as Recovery
      expect(bootstrap.initdb).toBeNull()
      expect(externalClusters.map(({ name }) => name)).toEqual([bootstrap.recovery.source])
      expect(externalClusters[0]!.plugin.parameters).toEqual({
        ...{ barmanObjectName: 'backups', serverName: metadata.name },
      })
      expect(plugins[0]!.parameters.barmanObjectName).toBe('backups')
      expect(plugins[0]!.parameters.serverName).not.toBe(metadata.name)
    }
  })
})

test('what runs beside the functions is pinned to a version', () => {
  const files = yamlBelow('infra/cluster').map((file) => readFileSync(file, 'utf8'))

  const images = files.flatMap((text) =>
    [...text.matchAll(/(?:image|imageName): (\S+)/g)].map(([, name]) => name!),
  )
  const foreign = images.filter((image) => !image.startsWith('kiosk/'))
  const downloads = files.flatMap((text) => [...text.matchAll(/releases\/\S+/g)].map(([url]) => url))

  expect(foreign.length).toBeGreaterThan(3)
  for (const image of foreign) expect(image).toMatch(/:v?\d+\.\d+/)
  for (const url of downloads) expect(url).toMatch(/^releases\/download\/knative-v\d+\.\d+\.\d+\//)
})

describe('production', () => {
  test('keeps warm only operations that there are', () => {
    const component = readFileSync('knative/components/production/kustomization.yaml', 'utf8')
    const warm = /name: (\S+\|\S+)/.exec(component)![1]!.split('|')

    const names = operations().map(({ name }) => name)
    for (const name of warm) expect(names).toContain(name)
    expect(warm).toContain('place-order')
  })
})
