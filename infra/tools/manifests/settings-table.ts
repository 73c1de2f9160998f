import { parseAllDocuments } from 'yaml'

interface Service {
  kind: string
  metadata: { name: string; labels: Record<string, string> }
  spec: {
    template: {
      metadata: { annotations: Record<string, string> }
      spec: {
        containerConcurrency: number
        timeoutSeconds: number
        containers: { resources: { requests: Record<string, string>; limits: Record<string, string> } }[]
      }
    }
  }
}

const HEAD = `# Every function's settings

Derived from the manifests of \`knative/base\` by \`npm run generate\`; change a function.json, not this. Overlays change some:
\`knative/components/small\` what is reserved, \`knative/components/production\` what never goes to zero and what is limited.
From nine tenths of \`at most\` on a function refuses new requests with 503: [resilience.md](resilience.md).

| function | pods | requests at once in a pod | idle after | time-out | reserves | at most | from outside |
|---|---|---|---|---|---|---|---|
`

/** One row for each Service: how it scales, what it may take, who reaches it. */
export function settingsTable(manifests: readonly string[]): string {
  const services = manifests
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Service))
    .filter(({ kind }) => kind === 'Service')
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
  return `${HEAD}${services.map(rowOf).join('\n')}\n`
}

function rowOf({ metadata, spec: { template } }: Service): string {
  const scaling = (name: string) => template.metadata.annotations[`autoscaling.knative.dev/${name}`]!
  const { containerConcurrency, timeoutSeconds, containers } = template.spec
  const { requests, limits } = containers[0]!.resources
  const isInside = metadata.labels['networking.knative.dev/visibility'] === 'cluster-local'
  const cells = [
    metadata.name,
    `${scaling('min-scale')} to ${scaling('max-scale')}`,
    containerConcurrency,
    scaling('window'),
    `${timeoutSeconds} s`,
    `${requests['cpu']}, ${requests['memory']}`,
    limits['memory'],
    isInside ? '' : 'yes',
  ]
  return `| ${cells.join(' | ')} |`
}
