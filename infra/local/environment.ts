import type { FunctionService } from './manifests/manifests'

/** The keys of each Secret and ConfigMap, as a cluster would hold them. */
export interface Configuration {
  secrets: Record<string, Record<string, string>>
  configMaps: Record<string, Record<string, string>>
}

/** Where a cluster's names are on this machine. */
export interface Addresses {
  /** Below which each function has its own, by its name: what a cluster-local name becomes. */
  functions: string
  /** Of the brokers' ingress. */
  broker: string
}

/**
 * The environment of a function on this machine: what its manifest states, with cluster names turned into addresses,
 * and the keys of the Secrets and ConfigMaps it names. One that is not there is a mistake in a function.json.
 */
export function environmentOf(
  service: FunctionService,
  { secrets, configMaps }: Configuration,
  addresses: Addresses,
): Record<string, string> {
  const stated = Object.entries(service.env).map(([name, value]) => [name, translated(value, addresses)])
  const given = service.envFrom.flatMap(({ kind, name }) => {
    const keys = (kind === 'secret' ? secrets : configMaps)[name]
    if (!keys)
      throw new Error(
        `${service.name} needs the ${kind} "${name}", which the embedded platform does not have`,
      )
    return Object.entries(keys)
  })
  return { ...(Object.fromEntries(stated) as Record<string, string>), ...Object.fromEntries(given) }
}

const translated = (value: string, { functions, broker }: Addresses) =>
  value
    .replace(/^http:\/\/broker-ingress\.knative-eventing\.svc\.cluster\.local/, broker)
    .replace(/^https:\/\/kubernetes\.default\.svc(?=\/)/, () => new URL(functions).origin)
    .replace(/^http:\/\/([\w-]+|\{operation\})\.kiosk\.svc\.cluster\.local/, `${functions}/$1`)
