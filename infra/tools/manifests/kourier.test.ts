import { parse } from 'yaml'
import { ingressOf } from './kourier'
import type { DeclaredOperation } from '../tree'

const operation = (name: string, ...http: string[]) =>
  ({ name, domain: 'orders', promise: '', folder: '', http }) as unknown as DeclaredOperation

interface Ingress {
  spec: {
    rules: {
      http: {
        paths: {
          path: string
          headers?: { ':method': { exact: string } }
          rewriteHost: string
          splits: { serviceName: string }[]
        }[]
      }
    }[]
  }
}

const pathsOf = (...operations: DeclaredOperation[]) =>
  (parse(ingressOf(operations)) as Ingress).spec.rules[0]!.http.paths.map(
    ({ path, headers, rewriteHost, splits }) => [
      `${headers?.[':method'].exact ?? 'ANY'} ${path}`,
      splits[0]!.serviceName,
      rewriteHost,
    ],
  )

const to = (service: string) => [service, `${service}.kiosk.svc.cluster.local`]

describe('the ingress', () => {
  test('takes a route straight to its function when nothing else begins like it', () => {
    expect(pathsOf(operation('place-order', 'POST /v1/orders'))).toEqual([
      ['POST /v1/orders', ...to('place-order')],
      ['ANY /', ...to('gateway')],
    ])
  })

  test('gives routes that begin alike to the gateway, and never to one of shorter beginning', () => {
    const paths = pathsOf(
      operation('list-orders', 'GET /v1/orders'),
      operation('view-order', 'GET /v1/orders/{id}'),
      operation('view-payment', 'GET /v1/orders/{id}/payment'),
      operation('pay-order', 'POST /v1/orders/{id}/payment'),
    )

    expect(paths).toEqual([
      ['GET /v1/orders', ...to('list-orders')],
      ['GET /v1/orders/', ...to('gateway')],
      ['POST /v1/orders/', ...to('pay-order')],
      ['ANY /', ...to('gateway')],
    ])
  })

  test('leaves / to the gateway, or every unknown path would be its', () => {
    expect(pathsOf(operation('describe-shop', 'GET /', 'GET /openapi.json'))).toEqual([
      ['GET /openapi.json', ...to('describe-shop')],
      ['ANY /', ...to('gateway')],
    ])
  })
})
