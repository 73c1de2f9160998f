import type { Configuration } from './environment'
import type { LocalPorts } from './layout'

const PORTS = { postgres: 'postgres', nats: 'nats', redis: 'redisRest', sandbox: 'sandbox' } as const

type Service = keyof typeof PORTS

/** By which port the functions and the brokers reach a service instead of its own: somebody stands between. */
export type Detours = Partial<Record<Service, number>>

/** The detour in a word of the command line, `--detour=postgres:20001`. */
export function detourIn(word: string): Detours | undefined {
  const [, service, port] = /^--detour=(\w+):(\d{1,5})$/.exec(word) ?? []
  if (service === undefined || !Object.hasOwn(PORTS, service)) return undefined
  return { [service]: Number(port) }
}

/** The addresses that functions and brokers are told, with the detours in them. */
export function detoured(
  { configuration, natsUrl }: { configuration: Configuration; natsUrl: string },
  ports: LocalPorts,
  detours: Detours,
): { configuration: Configuration; natsUrl: string } {
  const instead = new Map(
    (Object.entries(detours) as [Service, number][]).map(([service, port]) => [ports[PORTS[service]], port]),
  )
  const address = (value: string) =>
    value.replace(/^(\w+:\/\/[^/\s]*):(\d+)(?=\/|$)/, (whole, host: string, port: string) => {
      const other = instead.get(Number(port))
      return other === undefined ? whole : `${host}:${other}`
    })
  const values = (keys: Record<string, string>) =>
    Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, address(value)]))
  const secrets = Object.entries(configuration.secrets).map(([name, keys]) => [name, values(keys)])
  return {
    configuration: {
      ...configuration,
      secrets: Object.fromEntries(secrets) as Configuration['secrets'],
    },
    natsUrl: address(natsUrl),
  }
}
