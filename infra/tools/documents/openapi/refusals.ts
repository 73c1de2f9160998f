import { HOME } from '#runtime/event'
import { REQUEST_PROBLEMS, type ProblemRow } from '#runtime/problem'
import type { Models } from '../models'
import { hasBody } from './request'
import { looksAtTokens, needsRank } from './security'
import type { DeclaredOperation } from '../../tree'

type Kind = keyof typeof REQUEST_PROBLEMS

/** A way of saying no: its name, its problem type, its status and sentence, what of a request it is about, and whether it says when to come back. */
export interface Row {
  kind: string
  type: string
  status: number
  title: string
  pointer: string
  waits: boolean
  /** The operation itself says it, so that it is an answer to keep for a repeated request. */
  isOwn: boolean
}

/** Refusals that come with `Retry-After` beside the statuses that always do. */
export const WAITING = [
  'platform/request-in-progress',
  'payments/not-accepted',
  'payments/unknown-payment',
  'payments/payment-in-progress',
]

/** Every way an operation may say no over one of its routes: what the runtime says for it, and what it says itself. */
export function problemsOf(operation: DeclaredOperation, route: string, models: Models): Row[] {
  const own = (operation.refuses ?? []).map((kind) => {
    const [domain, name] = kind.split('/') as [string, string]
    const problem = models.problems.get(domain)
    if (!problem) {
      throw new Error(`${operation.folder} refuses ${kind}, but functions/${domain}/problems.ts has no table`)
    }
    return rowOf(kind, problem(name), true)
  })
  const ofRuntime = runtimeKinds(operation, route).map((kind) =>
    rowOf(`platform/${kind}`, REQUEST_PROBLEMS[kind], false),
  )
  // Of several routes those with a parameter name something that may not be there.
  const isMeant = ({ status }: Row) => status !== 404 || route.includes('{') || operation.http?.length === 1
  return [...ofRuntime, ...own.filter(isMeant)].sort((a, b) => a.status - b.status)
}

const rowOf = (kind: string, { status, title, pointer = '#' }: ProblemRow, isOwn: boolean): Row => ({
  kind,
  type: `${HOME}/problems/${kind}`,
  status,
  title,
  pointer,
  waits: WAITING.includes(kind),
  isOwn,
})

function runtimeKinds(operation: DeclaredOperation, route: string): Kind[] {
  const { caller, idempotent, needs = [] } = operation
  const isAddressed = route.includes('{')
  const isRepeatable = idempotent !== undefined
  const when: [Kind, boolean][] = [
    ['malformed-request', hasBody(route) || isAddressed],
    ['idempotency-key-missing', idempotent === 'required'],
    ['idempotency-key-invalid', isRepeatable],
    ['unauthenticated', looksAtTokens(caller)],
    ['forbidden', needsRank(caller)],
    ['no-such-route', isAddressed],
    // Without Redis nobody knows of a first request that still runs; the second waits for its transaction.
    ['request-in-progress', isRepeatable && needs.includes('redis')],
    ['request-too-large', hasBody(route)],
    ['unsupported-media-type', hasBody(route)],
    ['invalid-request', true],
    ['idempotency-key-reused', isRepeatable],
    ['unavailable', true],
  ]
  return when.filter(([, may]) => may).map(([kind]) => kind)
}
