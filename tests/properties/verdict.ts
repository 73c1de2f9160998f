import Ajv, { type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import type { Answer } from '#support/ask'
import { described } from '#support/api'

const { api, all, answerOf } = described()
const ajv = addFormats(new Ajv({ strict: false, validateFormats: false }))
ajv.addSchema(api, 'api')

/** What stands in front of a function may say of a request that is none. */
const WIRE = [
  'malformed-request',
  'no-such-route',
  'method-not-allowed',
  'address-too-long',
  'headers-too-large',
]

const compiled = new Map<object, ValidateFunction>()

/** Whether JSON is as the document says; references lead into the document. */
function fits(schema: object, value: unknown): boolean {
  const known = compiled.get(schema)
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')
  const validate = known ?? ajv.compile(JSON.parse(text) as object)
  compiled.set(schema, validate)
  return validate(value)
}

/** What is wrong with an answer; nothing when it is one of those that the document promises. */
export function faultIn(route: string, { status, headers, body }: Answer): string | undefined {
  const { operation } = all.find((one) => one.route === route)!
  const said = `${status} ${body.slice(0, 300)}`
  if (status >= 500) return `a fault: ${said}`
  const isDescribed = status in operation.responses
  const contents = isDescribed ? (answerOf(operation, String(status)).content ?? {}) : {}
  const type = (headers['content-type'] ?? '').split(';')[0]!
  if (status < 400) {
    if (!isDescribed) return `not described: ${said}`
    if (body === '') return Object.keys(contents).length > 0 ? `empty: ${said}` : undefined
    const content = contents[type]
    if (!content) return `of another type, ${type}: ${said}`
    return type.endsWith('json') && !fits(content.schema, JSON.parse(body))
      ? `of another shape: ${said}`
      : undefined
  }
  if (type !== 'application/problem+json') return `not a problem: ${said}`
  const problem = JSON.parse(body) as { type: string; status: number }
  if (problem.status !== status) return `two statuses: ${said}`
  if (WIRE.includes(problem.type.split('/').at(-1)!)) return undefined
  const content = contents['application/problem+json']
  return content && fits(content.schema, problem) ? undefined : `not described: ${said}`
}
