import { stringify } from 'yaml'
import type { DeclaredOperation } from '../tree'

const NAMESPACE = 'kiosk'

/** What the ingress hands to the function `gateway`: routes it cannot tell apart, other methods, unknown paths. */
const GATEWAY = 'gateway'

/** Where the whole API is unless an overlay says otherwise. */
const HOST = 'kiosk.127.0.0.1.sslip.io'

/** Every route of the shop by function; the gateway's own table. */
export const routesOf = (operations: readonly DeclaredOperation[]): Record<string, string[]> =>
  Object.fromEntries(operations.flatMap(({ name, http }) => (http ? [[name, http]] : [])))

/**
 * One host for the whole API on Knative's own ingress. Kourier compares the beginning of a path, the longest one first,
 * and by the pseudo-header the method. A route that is the only one with its beginning goes straight to its function
 * (`rewriteHost` is how the ingress finds one that is at zero), everything else to the function `gateway`, `GET /`
 * among it, for which Kourier's readiness probe asks.
 */
export function ingressOf(operations: readonly DeclaredOperation[]): string {
  const paths = [...beginnings(operations)].map(([beginning, services]) => {
    const [method, path] = beginning.split(' ') as [string, string]
    return {
      path,
      headers: { ':method': { exact: method } },
      ...to(services.length > 1 ? GATEWAY : services[0]!),
    }
  })
  const rule = {
    hosts: [HOST],
    visibility: 'ExternalIP',
    http: { paths: [...paths, { path: '/', ...to(GATEWAY) }] },
  }
  const ingress = {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {
      name: 'api',
      namespace: NAMESPACE,
      annotations: { 'networking.knative.dev/ingress.class': 'kourier.ingress.networking.knative.dev' },
    },
    spec: { httpOption: 'Enabled', rules: [rule] },
  }
  return stringify(ingress, { lineWidth: 110, version: '1.1' })
}

/** `METHOD /path/up/to/the/first/parameter`, and the functions whose routes begin so. */
function beginnings(operations: readonly DeclaredOperation[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { name, http = [] } of operations) {
    for (const route of http.filter((route) => !route.endsWith(' /'))) {
      const beginning = route.replace(/\{.*$/, '')
      found.set(beginning, [...(found.get(beginning) ?? []), name])
    }
  }
  return found
}

const to = (service: string) => ({
  rewriteHost: `${service}.${NAMESPACE}.svc.cluster.local`,
  splits: [{ serviceNamespace: NAMESPACE, serviceName: service, servicePort: 80, percent: 100 }],
})
