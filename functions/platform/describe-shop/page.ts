interface Api {
  paths: Record<string, Record<string, { operationId: string; summary: string; tags: string[] }>>
}

interface Events {
  components: { messages: Record<string, { title: string }> }
  operations: Record<string, { action: string; messages: { $ref: string }[] }>
}

/** The API and the event map as one HTML page that needs nothing else. */
export function pageOf(openapi: unknown, asyncapi: unknown): string {
  const routes = Object.entries((openapi as Api).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, summary }]) => [
      method.toUpperCase(),
      path,
      operationId,
      summary,
    ]),
  )
  const { components, operations } = asyncapi as Events
  const events = Object.entries(components.messages).map(([key, { title }]) => [
    title,
    namesOf(operations, key, 'send'),
    namesOf(operations, key, 'receive'),
  ])
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Kiosk</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem }
  th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
  td:first-child, code { font-family: ui-monospace, monospace; font-size: .9em; white-space: nowrap }
  @media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } th, td { border-color: #444 } a { color: #8bf } }
</style>
</head>
<body>
<h1>Kiosk</h1>
<p>A shop's whole back end as small functions. The same as documents for machines:
<a href="/openapi.json">OpenAPI 3.1</a>, <a href="/asyncapi.json">AsyncAPI 3.0</a>.</p>
<h2>What the shop can do</h2>
${table(['', 'route', 'operation', 'promise'], routes)}
<h2>What can have happened</h2>
${table(['event', 'told by', 'heard by'], events)}
</body>
</html>
`
}

function namesOf(operations: Events['operations'], message: string, action: string): string {
  const suffix = `-${action === 'send' ? 'sends' : 'hears'}-${message}`
  return Object.entries(operations)
    .filter(([key, operation]) => operation.action === action && key.endsWith(suffix))
    .map(([key]) => key.slice(0, -suffix.length))
    .join(', ')
}

function table(heads: string[], rows: (string | undefined)[][]): string {
  const row = (cells: (string | undefined)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell ?? '')}</${tag}>`).join('')}</tr>`
  return `<table>\n${row(heads, 'th')}\n${rows.map((cells) => row(cells, 'td')).join('\n')}\n</table>`
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
