import { IsArray, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator'
import { existsSync, readFileSync } from 'node:fs'
import { openExchange, type Exchange } from '#runtime/exchange'
import type { Environment } from '#runtime/operation'
import { parse } from '#runtime/parse'

/** `starting` is a release that is not decided yet; a function at zero is ready. */
export interface FunctionState {
  name: string
  state: 'ready' | 'starting' | 'failed'
  reason?: string
}

/** A port: every function, as its platform sees it. */
export type ListFunctions = () => Promise<FunctionState[]>

class Metadata {
  @IsString() name!: string
}

class Condition {
  @IsString() type!: string
  @IsIn(['True', 'False', 'Unknown']) status!: 'True' | 'False' | 'Unknown'
  @IsOptional() @IsString() message?: string
}

class Status {
  static readonly nested = { conditions: Condition }

  @IsOptional() @IsArray() @ValidateNested({ each: true }) conditions?: Condition[]
}

class Service {
  static readonly nested = { metadata: Metadata, status: Status }

  @ValidateNested() metadata!: Metadata
  @IsOptional() @ValidateNested() status?: Status
}

class ServiceList {
  static readonly nested = { items: Service }

  @IsArray() @ValidateNested({ each: true }) items!: Service[]
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const TIMEOUT_MS = 5_000

/**
 * Asks the platform for its Knative Services (serving.knative.dev/v1, from `needs: ["services"]`), as the ServiceAccount
 * that may read them. The embedded platform answers in the same shape; where nobody can be asked, none are known.
 */
export function servicesOf({ SERVICES_URL }: Environment): ListFunctions {
  if (SERVICES_URL === undefined) return () => Promise.resolve([])
  const url = new URL(SERVICES_URL)
  const exchange = openExchange()
  return async () => {
    const { items } = parse(ServiceList, await asked(exchange, url), 'tolerant')
    return items.map(({ metadata, status }) => stateOf(metadata.name, status?.conditions ?? []))
  }
}

function stateOf(name: string, conditions: Condition[]): FunctionState {
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (ready?.status === 'True') return { name, state: 'ready' }
  const reason = ready?.message
  return {
    name,
    state: ready?.status === 'False' ? 'failed' : 'starting',
    ...(reason !== undefined && { reason }),
  }
}

/** The account's token is renewed by its cluster, so it is read each time. */
async function asked(exchange: Exchange, url: URL): Promise<unknown> {
  const https = url.protocol === 'https:'
  const held = (name: string) =>
    existsSync(`${ACCOUNT}/${name}`) ? readFileSync(`${ACCOUNT}/${name}`, 'utf8') : undefined
  const token = https ? held('token') : undefined
  const ca = https ? held('ca.crt') : undefined
  const { status, body } = await exchange(url, {
    method: 'GET',
    headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(ca && { ca }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (status !== 200) throw new Error(`the platform answered ${status}`)
  return JSON.parse(body.toString('utf8')) as unknown
}
