import type { Model } from '#runtime/event'
import type { Components } from './components'
import { exampleOf } from './examples'
import { headers } from './headers'
import { problemsOf, type Row } from './refusals'
import type { DeclaredOperation } from '../../tree'

interface Answer {
  description: string
  headers?: object
  content?: object
}

interface Ref {
  $ref: string
}

/** What an operation is, as far as its refusals show it. */
interface Traits {
  /** It is kept with an Idempotency-Key. */
  isRepeatable: boolean
  /** Its caller is known by a signature. */
  isSigned: boolean
}

/** Every answer of an operation over one of its routes, by status: what it was asked for, and each way it says no. */
export function answersOf(operation: DeclaredOperation, route: string, components: Components): object {
  const { name, idempotent, caller = [] } = operation
  const replies = components.models.replies.get(name) ?? { 200: null }
  const media = components.models.media.get(name)?.[route]
  const answers = new Map<string, Answer | Ref>()
  for (const [status, Reply] of Object.entries(replies)) {
    answers.set(status, replyOf(operation, status, Reply, media, components))
  }
  const rows = problemsOf(operation, route, components.models)
  for (const status of new Set(rows.map((row) => row.status))) {
    const some = rows.filter((row) => row.status === status)
    const traits = {
      isRepeatable: idempotent !== undefined && some.some(({ isOwn }) => isOwn),
      isSigned: caller.includes('gateway'),
    }
    const reply = answers.get(String(status))
    const isReply = reply !== undefined && 'description' in reply
    answers.set(
      String(status),
      isReply ? both(reply, refusalOf(status, some, traits)) : shared(some, traits, components),
    )
  }
  return Object.fromEntries(answers)
}

/** A status that is an answer to what was asked and a refusal too. */
const both = (reply: Answer, refusal: Answer): Answer => ({
  description: [reply.description, refusal.description].join('\n\n'),
  headers: { ...refusal.headers },
  content: { ...reply.content, ...refusal.content },
})

/** A refusal that is the same for many operations stands once; its name says its kinds. */
function shared(rows: Row[], traits: Traits, components: Components): Ref {
  const kinds = rows.map(({ kind }) => exampleKey(kind).replace(/^platform\./, ''))
  const name = [...kinds, ...(traits.isRepeatable ? ['repeatable'] : [])].join('.')
  components.responses[name] ??= refusalOf(rows[0]!.status, rows, traits)
  return { $ref: `#/components/responses/${name}` }
}

function replyOf(
  { name, caller = [], idempotent }: DeclaredOperation,
  status: string,
  Reply: Model | null,
  media: string | undefined,
  components: Components,
): Answer {
  const Input = components.models.inputs.get(name)
  const example = Reply && answering(exampleOf(Reply), Input ? exampleOf(Input) : {})
  const isPage = example !== null && 'pageSize' in example
  const content = Reply
    ? { 'application/json': { schema: components.answer(Reply), ...(Number(status) < 500 && { example }) } }
    : media && { [media]: { schema: { type: media.startsWith('text/') ? 'string' : 'object' } } }
  return {
    description: (Reply && components.models.docs.text(Reply)) ?? DONE[status] ?? 'Done.',
    headers: {
      ...headers('traceparent'),
      ...(status === '201' && headers('Location')),
      ...(isPage && headers('Link')),
      ...(caller.includes('guest') && headers('Kiosk-Cart')),
      ...(idempotent && headers('Idempotent-Replayed')),
    },
    ...(content && { content }),
  }
}

/** An answer's example says again what was asked for. */
function answering(answer: object, request: object): object {
  const again = Object.entries(request).filter(
    ([name, value]) =>
      typeof value !== 'object' && typeof value === typeof (answer as Record<string, unknown>)[name],
  )
  return { ...answer, ...Object.fromEntries(again) }
}

const DONE: Record<string, string> = {
  200: 'As asked.',
  201: 'Made.',
  202: 'Taken; what becomes of it is seen elsewhere.',
  204: 'Done; there is nothing to say.',
}

/** Refusals of one status: each kind with its sentence, its problem type and an example. */
function refusalOf(status: number, rows: Row[], { isRepeatable, isSigned }: Traits): Answer {
  const waits = rows.some(({ waits }) => waits)
  return {
    description: rows.map(({ kind, title }) => `\`${kind}\`: ${title}`).join('\n\n'),
    headers: {
      ...(status === 401 && !isSigned && headers('WWW-Authenticate')),
      ...((status === 429 || status === 503 || waits) && headers('Retry-After')),
      ...(status === 429 && headers('RateLimit', 'RateLimit-Policy')),
      ...(isRepeatable && headers('Idempotent-Replayed')),
    },
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: `#/components/schemas/${status === 422 ? 'InvalidRequest' : 'Problem'}` },
            { properties: { type: { enum: rows.map(({ type }) => type) }, status: { const: status } } },
          ],
        },
        examples: Object.fromEntries(
          rows.map(({ kind }) => {
            const key = exampleKey(kind)
            return [key, { $ref: `#/components/examples/${key}` }]
          }),
        ),
      },
    },
  }
}

/** The name of a problem's example: `orders/price-changed` is `orders.price-changed`. */
export const exampleKey = (kind: string): string => kind.replace('/', '.')
