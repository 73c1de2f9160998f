/** What a mail says, as plain text throughout: how it looks is decided here, and here alone is anything escaped. */
export interface Letter {
  subject: string
  /** Paragraphs, in order. */
  says: string[]
  /** One thing that must not be missed, after the first paragraph. */
  shows?: string
  /** A table of two columns, after the paragraphs; its last row is the sum when there is one. */
  lists?: [string, string][]
}

/** When a letter is written, and when what it is about happened. */
export interface Moment {
  now: Date
  happened: Date
}

const SIGNATURE = 'Kiosk'

/** The letter for a reader who sees text alone. `name` is left out where it is not sure to be the reader's own. */
export function textOf({ says, shows, lists = [] }: Letter, name?: string): string {
  const [first = '', ...rest] = says
  const rows = lists.map(([label, value]) => `${label}: ${value}`).join('\n')
  const parts = [greeting(name), first, shows && `    ${shows}`, ...rest, rows, SIGNATURE]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** The same letter as HTML: no pictures, no links, no scripts, nothing that is fetched. */
export function htmlOf({ subject, says, shows, lists = [] }: Letter, name?: string): string {
  const [first = '', ...rest] = says
  const rows = lists.map(
    ([label, value]) =>
      `<tr><td style="padding:4px 24px 4px 0">${escaped(label)}</td><td align="right">${escaped(value)}</td></tr>`,
  )
  const body = [
    paragraph(greeting(name)),
    paragraph(first),
    shows && `<p style="font-size:28px;letter-spacing:4px;margin:24px 0"><b>${escaped(shows)}</b></p>`,
    ...rest.map(paragraph),
    rows.length > 0 && `<table role="presentation" style="border-collapse:collapse">${rows.join('')}</table>`,
    `<p style="color:gray">${SIGNATURE}</p>`,
  ]
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(subject)}</title></head>`,
    '<body style="font:16px/1.5 sans-serif;max-width:560px;margin:0 auto;padding:24px">',
    ...body.filter(Boolean),
    '</body></html>',
  ].join('\n')
}

const greeting = (name?: string) => (name ? `Hello ${oneLine(name)},` : 'Hello,')

const paragraph = (text: string) => `<p>${escaped(text)}</p>`

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)

/** Text that may stand in a header or a line of its own: what would end the line, or hide in it, becomes a space. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
