import type { Events } from './documents'
import { escaped } from './text'

/** One thing on the map: an operation that tells, an event, an operation that hears. */
interface Node {
  key: string
  label: string
  domain: string
  y: number
}

interface Edge {
  from: Node
  to: Node
  domain: string
}

const ROW = 22
const COLUMNS = { tells: 190, event: 325, hears: 705 } as const
const EVENT_WIDTH = 250
const WIDTH = 880

/**
 * The events of the shop as a drawing: on the left who tells them, on the right who hears them, in the colours of their
 * domains. What belongs together is put side by side, so that few lines cross.
 */
export function eventMapOf({ operations, components }: Events, onPage: ReadonlySet<string>): string {
  const told = new Map<string, { tells: Set<string>; hears: Set<string> }>()
  for (const { title } of Object.values(components.messages))
    told.set(title, { tells: new Set(), hears: new Set() })
  for (const [key, { action, messages }] of Object.entries(operations)) {
    for (const { $ref } of messages) {
      const { title } = components.messages[$ref.split('/').at(-1)!]!
      const name = key.replace(/-(sends|hears)-\w+$|-takes$/, '')
      if (action === 'send') told.get(title)!.tells.add(name)
      else if (!key.endsWith('-takes')) told.get(title)!.hears.add(name)
    }
  }
  const titles = [...told.keys()]
  const events = new Map(titles.map((title, row) => [title, nodeOf(title, title.split('/')[1]!, title, row)]))
  const tellers = column(told, 'tells', titles)
  const hearers = column(told, 'hears', titles)
  const edges = titles.flatMap((title): Edge[] => {
    const event = events.get(title)!
    const { tells, hears } = told.get(title)!
    return [
      ...[...tells].map((name) => ({ from: tellers.get(name)!, to: event, domain: event.domain })),
      ...[...hears].map((name) => ({ from: event, to: hearers.get(name)!, domain: event.domain })),
    ]
  })
  const rows = Math.max(events.size, tellers.size, hearers.size)
  const spread = (nodes: Map<string, Node>) => {
    for (const node of nodes.values()) node.y = (node.y + 0.5) * (rows / nodes.size) * ROW
  }
  for (const nodes of [events, tellers, hearers]) spread(nodes)
  return drawing(rows * ROW, {
    tellers: [...tellers.values()],
    events: [...events.values()],
    hearers: [...hearers.values()],
    edges,
    onPage,
  })
}

const nodeOf = (key: string, label: string, path: string, row: number): Node => ({
  key,
  label,
  domain: path.split('/')[0]!,
  y: row,
})

/** The operations of one side, each at the mean height of its events. */
function column(
  told: Map<string, { tells: Set<string>; hears: Set<string> }>,
  side: 'tells' | 'hears',
  titles: string[],
): Map<string, Node> {
  const names = [...new Set(titles.flatMap((title) => [...told.get(title)![side]]))]
  const height = (name: string) => {
    const rows = titles.flatMap((title, row) => (told.get(title)![side].has(name) ? [row] : []))
    return rows.reduce((sum, row) => sum + row, 0) / rows.length
  }
  const sorted = names.sort((a, b) => height(a) - height(b))
  return new Map(sorted.map((name, row) => [name, nodeOf(name, name, '', row)]))
}

interface Drawn {
  tellers: Node[]
  events: Node[]
  hearers: Node[]
  edges: Edge[]
  /** The operations that the page says more about. */
  onPage: ReadonlySet<string>
}

function drawing(height: number, { tellers, events, hearers, edges, onPage }: Drawn): string {
  const { tells, event, hears } = COLUMNS
  const line = ({ from, to, domain }: Edge) => {
    const isTold = events.includes(to)
    const [x1, x2] = isTold ? [tells + 6, event - 4] : [event + EVENT_WIDTH + 4, hears - 6]
    const middle = (x1 + x2) / 2
    const curve = `C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${x2} ${round(to.y)}`
    return `<path class="d-${domain}" d="M${x1} ${round(from.y)}${curve}"/>`
  }
  const words = (x: number, anchor: string) => (node: Node) => {
    const text = `<text x="${x}" y="${round(node.y + 4)}" text-anchor="${anchor}">${escaped(node.label)}</text>`
    return onPage.has(node.key) ? `<a href="#${node.key}">${text}</a>` : text
  }
  const box = ({ key, label, domain, y }: Node) =>
    `<a href="/events/${key}/schema.json" class="d-${domain}"><title>${escaped(key)}</title><rect x="${event}" y="${round(y - 9)}" width="${EVENT_WIDTH}" height="18" rx="4"/><text x="${event + EVENT_WIDTH / 2}" y="${round(y + 4)}" text-anchor="middle">${escaped(label)}</text></a>`
  const heads = [
    [tells, 'end', 'who tells it'],
    [event + EVENT_WIDTH / 2, 'middle', 'what has happened'],
    [hears, 'start', 'who hears it'],
  ]
  return `<svg viewBox="0 -26 ${WIDTH} ${height + 30}" width="${WIDTH}" height="${height + 30}" role="img" aria-label="Which operation tells which event, and who hears it">
<g class="heads">${heads.map(([x, anchor, text]) => `<text x="${x}" y="-12" text-anchor="${anchor}">${text}</text>`).join('')}</g>
<g class="edges">${edges.map(line).join('')}</g>
<g>${tellers.map(words(tells, 'end')).join('')}${hearers.map(words(hears, 'start')).join('')}</g>
<g class="events">${events.map(box).join('')}</g>
</svg>`
}

const round = (value: number) => Math.round(value * 10) / 10
