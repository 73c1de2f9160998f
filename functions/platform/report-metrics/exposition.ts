/** A value that can go up and down, once for each set of labels. */
export interface Gauge {
  name: string
  help: string
  samples: { labels: Record<string, string>; value: number }[]
}

/**
 * Gauges in the text format that Prometheus reads (its documentation, "Exposition formats", text format 0.0.4). The usual
 * libraries count in a process that lives on; what is told here stands in databases, and the process may be a second old.
 */
export const exposition = (gauges: readonly Gauge[]): string =>
  gauges
    .map(({ name, help, samples }) => [head(name, help), ...samples.map(lineOf(name))].join('\n'))
    .join('\n') + '\n'

const head = (name: string, help: string) => `# HELP ${name} ${help}\n# TYPE ${name} gauge`

const lineOf =
  (name: string) =>
  ({ labels, value }: Gauge['samples'][number]) =>
    `${name}{${Object.entries(labels)
      .map(([label, text]) => `${label}="${escaped(text)}"`)
      .join(',')}} ${value}`

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
