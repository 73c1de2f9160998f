import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { stringify } from 'yaml'
import { kubectl, list, type KubeObject } from './kubectl'

export const NAMESPACE = 'kiosk'
const ADMIN_EMAIL = 'admin@kiosk.example'

/** Names of Secrets to their keys and values. */
export type SecretValues = Record<string, Record<string, string>>

const random = (bytes: number) => randomBytes(bytes).toString('base64url')

/** Secrets that are nobody else's: made at random by the first deploy, never overwritten by a later one. */
const MADE: Record<string, () => Record<string, string>> = {
  'access-tokens': () => ({ ACCESS_TOKEN_KEY: JSON.stringify(newSigningKey()) }),
  verification: () => ({ VERIFICATION_PEPPER: random(32) }),
  'first-admin': () => ({ FIRST_ADMIN_EMAIL: ADMIN_EMAIL, FIRST_ADMIN_PASSWORD: random(12) }),
}

/** Where each Secret that the manifests name comes from. */
export interface SecretPlan {
  /** Not in the cluster yet: what they will hold. */
  missing: SecretValues
  /** Named by the manifests, in the cluster nowhere, and nothing says what they should hold. */
  unknown: string[]
  /** In the cluster, with other values than the data services have now. */
  different: string[]
}

/** Compares what the manifests need with what the cluster has and what is known. */
export async function planSecrets(objects: KubeObject[], known: SecretValues): Promise<SecretPlan> {
  const wanted = new Set([...objects.flatMap(secretsOf), ...Object.keys(MADE)])
  const shipped = new Set(
    objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name),
  )
  const existing = new Map(
    (await list('secrets', '-n', NAMESPACE)).map(({ metadata, data = {} }) => [metadata.name, data]),
  )
  const plan: SecretPlan = { missing: {}, unknown: [], different: [] }
  for (const name of [...wanted].filter((one) => !shipped.has(one)).sort()) {
    const values = known[name]
    const held = existing.get(name)
    if (held) {
      if (values && !isSame(held, values)) plan.different.push(name)
    } else if (values) plan.missing[name] = values
    else if (MADE[name]) plan.missing[name] = MADE[name]()
    else plan.unknown.push(name)
  }
  return plan
}

/** Makes Secrets; one that somebody else made in the meantime stays as it is. */
export async function createSecrets(values: SecretValues): Promise<void> {
  for (const [name, stringData] of Object.entries(values)) {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAMESPACE, labels: { 'app.kubernetes.io/part-of': 'kiosk' } },
      stringData,
    }
    await kubectl(['create', '-f', '-'], stringify(secret)).catch((error: unknown) => {
      if (!/AlreadyExists|already exists/.test((error as Error).message)) throw error
    })
  }
}

/** The ConfigMap that every function reads: the public half of the signing key, and where spans go if somewhere. */
export async function applyConfig(env: NodeJS.ProcessEnv): Promise<void> {
  const { ACCESS_TOKEN_KEY: key } = await valuesOf('access-tokens')
  const { d: _, ...shown } = JSON.parse(key!) as Record<string, string>
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT']
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kiosk', namespace: NAMESPACE, labels: { 'app.kubernetes.io/part-of': 'kiosk' } },
    data: {
      KIOSK_JWKS: JSON.stringify({ keys: [shown] }),
      ...(endpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
    },
  }
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], stringify(config))
}

/** What a Secret of the cluster holds. */
export async function valuesOf(name: string): Promise<Record<string, string>> {
  const { data } = JSON.parse(await kubectl(['get', 'secret', name, '-n', NAMESPACE, '-o', 'json'])) as {
    data: Record<string, string>
  }
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  )
}

function secretsOf(object: KubeObject): string[] {
  const found: string[] = []
  JSON.stringify(object.spec ?? {}, (key, value: unknown) => {
    const isReference = key === 'secretRef' || key === 'secretKeyRef'
    if (isReference) found.push((value as { name: string }).name)
    return value
  })
  return found
}

const isSame = (held: Record<string, string>, values: Record<string, string>) =>
  Object.entries(values).every(([key, value]) => held[key] === Buffer.from(value).toString('base64'))

function newSigningKey(): Record<string, string> {
  const pair = generateKeyPairSync('ed25519')
  const { kty, crv, x, d } = pair.privateKey.export({ format: 'jwk' }) as Record<string, string>
  return { kty: kty!, crv: crv!, x: x!, d: d!, kid: random(8), alg: 'EdDSA', use: 'sig' }
}
