import type { KubeObject } from './kubectl'

/**
 * An address by which the ingress is reached although it is no name, so that no client needs to send a Host. An ingress
 * with a certificate keeps to the names in it: Kourier redirects every other host to a place that does not answer.
 */
export function hostsOf(gatewayUrl: string | undefined, objects: KubeObject[]): string[] {
  const hasCertificate = objects.some(({ kind, spec }) => kind === 'Ingress' && spec?.['tls'] !== undefined)
  if (!gatewayUrl || !URL.canParse(gatewayUrl) || hasCertificate) return []
  const { hostname } = new URL(gatewayUrl)
  return /^[\d.]+$/.test(hostname) ? [hostname] : []
}

/**
 * Adds hosts to the API's ingress, in Kustomize's words. Each gets a rule of its own: Kourier serves a rule by TLS only if
 * every host of it is one of the certificate's (knative.dev/networking, GetIngressTLSForVisibility).
 */
export const withHosts = (hosts: string[]): Record<string, unknown> =>
  hosts.length === 0
    ? {}
    : {
        patches: hosts.map((host) => ({
          target: { group: 'networking.internal.knative.dev', kind: 'Ingress', name: 'api' },
          patch: JSON.stringify([
            { op: 'copy', from: '/spec/rules/0', path: '/spec/rules/1' },
            { op: 'replace', path: '/spec/rules/1/hosts', value: [host] },
          ]),
        })),
      }
