import type { CallerKind } from '#runtime/operation'
import type { DeclaredOperation } from './tree'

/** The README's two tables, between their markers: what the shop can do, and what can have happened. */
export function withTables(
  readme: string,
  operations: readonly DeclaredOperation[],
  events: readonly string[],
): string {
  return replaced(
    replaced(readme, 'operations', operationTable(operations)),
    'events',
    eventTable(operations, events),
  )
}

function replaced(readme: string, name: string, table: string): string {
  const marked = new RegExp(
    `(<!-- ${name}: derived by npm run generate -->\n)[\\s\\S]*?(<!-- end of ${name} -->)`,
  )
  if (!marked.test(readme)) throw new Error(`README.md has lost its markers for the table of ${name}`)
  return readme.replace(marked, `$1\n${table}\n\n$2`)
}

function operationTable(operations: readonly DeclaredOperation[]): string {
  const rows = operations.map(
    ({ name, folder, promise, http = [], on = [], every, deadLetters, caller, internal }) => {
      const wakes = [
        ...http.map((route) => `\`${route}\`${internal ? ' inside' : ''}`),
        ...on.map((event) => `on ${event}`),
        ...(every ? [`every \`${every}\``] : []),
        ...(deadLetters ? ['on what nobody could handle'] : []),
      ]
      const callers = internal || http.length === 0 ? '' : callersOf(caller, on)
      return `| [${name}](${folder}) | ${promise} | ${wakes.join('<br>')} | ${callers} |`
    },
  )
  return ['| operation | promise | woken by | caller |', '|---|---|---|---|', ...rows].join('\n')
}

/** A producer asks for nothing but `accept-event`: another operation hears of what it tells by an event. */
const callersOf = (callers: readonly CallerKind[] = ['anyone'], on: readonly string[]): string =>
  callers
    .map((caller) => (caller === 'producer' && on.length > 0 ? 'producer by its event' : caller))
    .join(', ')

function eventTable(operations: readonly DeclaredOperation[], events: readonly string[]): string {
  const namesOf = (some: DeclaredOperation[]) => some.map(({ name }) => name).join(', ') || '—'
  const rows = events.map((event) => {
    const emitters = operations.filter(({ emits = [] }) => emits.includes(event))
    const consumers = operations.filter(({ on = [] }) => on.includes(event))
    return `| [${event}](events/${event}) | ${namesOf(emitters)} | ${namesOf(consumers)} |`
  })
  return ['| event | told by | heard by |', '|---|---|---|', ...rows].join('\n')
}
