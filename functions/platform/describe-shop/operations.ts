import {
  followed,
  type Answer,
  type Api,
  type ApiOperation,
  type Content,
  type Parameter,
  type Schema,
} from './documents'
import { escaped, inline, prose } from './text'

interface Listed {
  method: string
  path: string
  operation: ApiOperation
}

/** Every operation of a domain, folded: one line each, and behind it what is sent and what comes back. */
export function operationsOf(api: Api, domain: string): string {
  const listed = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes(domain))
      .map(([method, operation]): Listed => ({ method: method.toUpperCase(), path, operation })),
  )
  return listed
    .sort((a, b) => a.path.localeCompare(b.path) || ORDER.indexOf(a.method) - ORDER.indexOf(b.method))
    .map((one) => folded(api, one))
    .join('\n')
}

const ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

function folded(api: Api, { method, path, operation }: Listed): string {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation
  const sent = parameters.map((parameter) => followed<Parameter>(api, parameter))
  return `<details class="operation" id="${operationId}">
<summary><span class="method ${method.toLowerCase()}">${method}</span>
<code class="path">${escaped(path).replaceAll(/\{\w+\}/g, '<em>$&</em>')}</code>
<span class="promise">${inline(summary)}</span>
<span class="callers">${callersOf(security)
    .map((caller) => `<span class="caller">${caller}</span>`)
    .join('')}</span></summary>
<div class="inside">
<p class="id"><a href="#${operationId}">${operationId}</a></p>
${description === undefined ? '' : prose(description)}
${sent.length > 0 ? parameterTable(sent) : ''}
${
  requestBody
    ? Object.entries(requestBody.content)
        .map((one) => bodyOf(api, one))
        .join('\n')
    : ''
}
${answerTable(Object.entries(responses).map(([status, answer]) => [status, followed<Answer>(api, answer)]))}
</div>
</details>`
}

/** Who may ask, in the words of the shop. */
function callersOf(security: Record<string, string[]>[]): string[] {
  const names = security.flatMap((scheme) =>
    Object.entries(scheme).map(([name, [role]]) => WORDS[name] ?? role ?? name),
  )
  const isOpen = security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0)
  return isOpen && !names.includes('guest') ? [...names, 'anyone'] : names
}

const WORDS: Record<string, string> = {
  guestCart: 'guest',
  producerCredential: 'producer',
  gatewaySignature: 'payment gateway',
}

function parameterTable(parameters: Parameter[]): string {
  const rows = parameters
    .filter(({ name }) => name !== 'traceparent')
    .map(({ name, in: place, required = false, description = '', schema }) =>
      row(name, required, [place, typeOf(schema)], description),
    )
  return table(['parameter', 'in', 'type', ''], rows)
}

/** The fields of what is sent, those of its parts with the names of both: `lines[].sku`. */
function fieldRows(schema: Schema, within = ''): string[] {
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, field]) => {
    const { description = '', items } = field
    const part = items ?? field
    const rest = part.properties ? fieldRows(part, `${within}${name}${items ? '[]' : ''}.`) : []
    return [row(within + name, required.includes(name), [typeOf(field)], description), ...rest]
  })
}

const row = (name: string, required: boolean, cells: string[], description: string): string =>
  `<tr><td><code>${escaped(name)}</code>${required ? '<sup title="required">*</sup>' : ''}</td>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}<td>${inline(description)}</td></tr>`

const table = (heads: string[], rows: string[]): string =>
  rows.length === 0
    ? ''
    : `<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`

/** Null is left out, since it is the same as leaving out the field. */
function typeOf({ type = '', enum: values, items }: Schema): string {
  if (values) return values.flatMap((value) => (value === null ? [] : [String(value)])).join(', ')
  const [name = ''] = [type].flat().filter((one) => one !== 'null')
  return items ? `${name} of ${typeOf(items)}` : name
}

function bodyOf(api: Api, [type, content]: [string, Content]): string {
  const schema = followed<Schema>(api, content.schema)
  return table([`field of the body`, 'type', ''], fieldRows(schema)) + sample(`sent as ${type}`, content)
}

function answerTable(answers: [string, Answer][]): string {
  const rows = answers.map(([status, { description, content = {} }]) => {
    const [success] = Object.entries(content).filter(([type]) => !type.startsWith('application/problem'))
    const example = success && Number(status) < 400 ? sample(success[0], success[1]) : ''
    return `<tr class="s${status[0]}"><td><b>${status}</b></td><td>${prose(description)}${example}</td></tr>`
  })
  return `<table class="answers"><thead><tr><th>status</th><th>answer</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function sample(title: string, { example, examples = {} }: Content): string {
  const shown = example ?? Object.values(examples)[0]?.value
  if (shown === undefined) return ''
  return `<figure><figcaption>${escaped(title)}</figcaption><pre>${escaped(JSON.stringify(shown, null, 2))}</pre></figure>`
}
