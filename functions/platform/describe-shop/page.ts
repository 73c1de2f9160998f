import type { Api, Events } from './documents'
import { eventMapOf } from './event-map'
import { operationsOf } from './operations'
import { STYLE } from './style'
import { escaped, inline, prose } from './text'

/** The page has no script and loads nothing, and no other page may show it as its own. */
export const HTML = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
}

/** The API and the event map as one HTML page that needs nothing else: no script, no other address. */
export function pageOf(api: Api, events: Events): string {
  const { info, tags, paths } = api
  const names = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map((one) => one.operationId),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<nav><b>${escaped(info.title)}</b>
${tags.map(({ name }) => `<a href="#${name}">${escaped(name)}</a>`).join('\n')}
<a href="#events">events</a>
<span class="documents"><a href="/openapi.json">OpenAPI 3.1</a> <a href="/asyncapi.json">AsyncAPI 3.0</a></span></nav>
<main>
<h1>${escaped(info.title)}</h1>
<p class="lead">${inline(info.summary)}</p>
<div class="about">${prose(info.description)}</div>
${tags.map(({ name, description }) => section(api, name, description)).join('\n')}
<h2 id="events">events</h2>
<p>What can have happened, who tells it and who hears it. An event leads to the schema of its data.</p>
<div class="map">${eventMapOf(events, new Set(names))}</div>
</main>
</body>
</html>
`
}

const section = (api: Api, name: string, description: string) =>
  `<h2 id="${name}">${escaped(name)}</h2>\n<p>${inline(description)}</p>\n${operationsOf(api, name)}`
