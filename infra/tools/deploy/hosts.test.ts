import { hostsOf, withHosts } from './hosts'
import type { KubeObject } from './kubectl'

const ingress = (spec: object) => [{ kind: 'Ingress', spec } as unknown as KubeObject]

describe('the hosts of the API', () => {
  test.each([
    ['http://192.0.2.2:31080', ['192.0.2.2']],
    ['http://kiosk.example', []],
    ['not a URL', []],
    [undefined, []],
  ])('of %s are %j beside its own', (url, hosts) => {
    expect(hostsOf(url, ingress({}))).toEqual(hosts)
  })

  test('are its own alone where there is a certificate', () => {
    expect(hostsOf('http://192.0.2.2', ingress({ tls: [{ hosts: ['kiosk.example'] }] }))).toEqual([])
  })

  test('have a rule each, or none would be served by TLS', () => {
    const { patches } = withHosts(['192.0.2.2']) as { patches: { patch: string }[] }

    expect(JSON.parse(patches[0]!.patch)).toEqual([
      { op: 'copy', from: '/spec/rules/0', path: '/spec/rules/1' },
      { op: 'replace', path: '/spec/rules/1/hosts', value: ['192.0.2.2'] },
    ])
    expect(withHosts([])).toEqual({})
  })
})
