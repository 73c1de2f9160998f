/** An address by which the ingress is reached although it is no name, so that no client needs to send a Host. */
export function hostsOf(gatewayUrl: string | undefined): string[] {
  if (!gatewayUrl || !URL.canParse(gatewayUrl)) return []
  const { hostname } = new URL(gatewayUrl)
  return /^[\d.]+$/.test(hostname) ? [hostname] : []
}

/** Adds hosts to those of the API's ingress, in Kustomize's words. */
export const withHosts = (hosts: string[]): Record<string, unknown> =>
  hosts.length === 0
    ? {}
    : {
        patches: hosts.map((value) => ({
          target: { group: 'networking.internal.knative.dev', kind: 'Ingress', name: 'api' },
          patch: JSON.stringify([{ op: 'add', path: '/spec/rules/0/hosts/-', value }]),
        })),
      }
