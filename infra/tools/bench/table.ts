import { isMissing, ratioOf, verdictOf, type Line, type Unit } from './row'

const HEADINGS = ['what', 'measured', 'n', 'floor', 'ratio', 'target', '']

const SUFFIXES: Partial<Record<Unit, string>> = { times: '', 'per second': '/s' }

/** The lines as a table that reads the same in a terminal and in Markdown. */
export function tableOf(lines: readonly Line[]): string {
  const cells = [HEADINGS, ...lines.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)))
  const written = cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [written[0], rule, ...written.slice(1)].join('\n')
}

/** The same for a program: each row with its ratio and its verdict. */
export const plainOf = (lines: readonly Line[]): object[] =>
  lines.map((line) => (isMissing(line) ? line : { ...line, ratio: ratioOf(line), verdict: verdictOf(line) }))

function cellsOf(line: Line): string[] {
  if (isMissing(line)) return [line.what, 'not measured', '', line.error, '', '', 'missing']
  const { what, unit, value, n, floor, target } = line
  const ratio = ratioOf(line)
  return [
    what,
    written(value, unit),
    String(n),
    floor ? `${written(floor.value, unit)}: ${floor.what}` : '—',
    ratio === undefined ? '—' : ratio < 10 ? ratio.toPrecision(2) : ratio.toFixed(0),
    target === undefined ? '—' : written(target, unit),
    verdictOf(line) ?? '—',
  ]
}

/** Three digits are all that a measurement on a busy machine is good for. */
function written(value: number, unit: Unit): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)}${SUFFIXES[unit] ?? ` ${unit}`}`
}
