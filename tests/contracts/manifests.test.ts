import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { operations, published } from '#support/tree'

interface Manifest {
  kind: string
  metadata: { name: string; labels?: Record<string, string> }
  spec: {
    delivery?: Record<string, unknown> & { deadLetterSink?: { ref?: { name: string } } }
    template?: { metadata: { annotations: Record<string, string> } }
  }
}

const manifests = filesIn('knative/base').flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Manifest),
)
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)

describe('the manifests', () => {
  test('are what the function.json files say today', () => {
    const said = execFileSync('node', ['dist/infra/tools/generate.cjs', '--check'], { encoding: 'utf8' })
    expect(said).toMatch(/^\d+ derived files are fresh/)
  })

  test('deploy every operation, and nothing else', () => {
    const deployed = ofKind('Service').map(({ metadata }) => metadata.name)
    const wanted = published().flatMap(({ name, http, on }) =>
      http && on ? [name, `${name}-events`] : [name],
    )
    expect(deployed.sort()).toEqual(wanted.sort())
  })

  test('let nobody outside reach what is internal', () => {
    const open = ofKind('Service').filter(
      ({ metadata: { labels = {} } }) => labels['networking.knative.dev/visibility'] !== 'cluster-local',
    )
    const internal = operations().filter(({ internal }) => internal)
    expect(internal.length).toBeGreaterThan(0)
    expect(open.filter(({ metadata }) => internal.some(({ name }) => name === metadata.name))).toEqual([])
  })

  test.each(
    [...ofKind('Trigger'), ...ofKind('Broker')].map(
      (manifest) => [manifest.metadata.name, manifest] as const,
    ),
  )('%s states retry, back-off, timeout and a dead-letter sink', (_, { spec }) => {
    expect(spec.delivery).toEqual({
      retry: expect.any(Number) as number,
      backoffPolicy: 'exponential',
      backoffDelay: expect.stringMatching(/^PT/) as string,
      timeout: expect.stringMatching(/^PT/) as string,
      deadLetterSink: { ref: expect.objectContaining({ name: 'bury-event' }) as object },
    })
  })

  test('let every function go to zero', () => {
    const scales = ofKind('Service').map(
      ({ spec }) => spec.template!.metadata.annotations['autoscaling.knative.dev/min-scale'],
    )
    expect(new Set(scales)).toEqual(new Set(['0']))
  })

  test('open no more connections to Postgres than it has (500 less 20 for operators)', () => {
    const perInstance = 2
    const most = ofKind('Service')
      .filter(({ metadata }) => needsPostgres(metadata.name))
      .map(({ spec }) => Number(spec.template!.metadata.annotations['autoscaling.knative.dev/max-scale']))
    expect(most.reduce((sum, scale) => sum + scale * perInstance, 0)).toBeLessThanOrEqual(480)
  })
})

const needsPostgres = (service: string) => {
  const operation = operations().find(({ name }) => service === name || service === `${name}-events`)
  return operation!.needs?.includes('postgres')
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}
