import { serviceNamed } from '#support/tiny-functions'
import { RoutingTable } from './routes'

const table = new RoutingTable([
  serviceNamed('view-product', { routes: ['GET /v1/products/{sku}'] }),
  serviceNamed('search-products', { routes: ['GET /v1/products'] }),
  serviceNamed('change-product', { routes: ['PATCH /v1/products/{sku}'] }),
  serviceNamed('list-accounts', { routes: ['GET /v1/accounts/{id}/all'] }),
  serviceNamed('verify-email', { routes: ['POST /v1/accounts/verification'] }),
  serviceNamed('view-account', { routes: ['GET /v1/accounts/{id}'] }),
  serviceNamed('resend', { routes: ['POST /v1/accounts/verification/resend'] }),
  serviceNamed('describe-shop', { routes: ['GET /', 'GET /openapi.json'] }),
])

test.each([
  ['GET', '/v1/products/TEA', 'view-product'],
  ['HEAD', '/v1/products/TEA', 'view-product'],
  ['GET', '/v1/products', 'search-products'],
  ['PATCH', '/v1/products/TEA', 'change-product'],
  ['POST', '/v1/accounts/verification', 'verify-email'],
  ['GET', '/v1/accounts/verification', 'view-account'],
  ['GET', '/v1/accounts/verification/all', 'list-accounts'],
  ['GET', '/', 'describe-shop'],
  ['GET', '/openapi.json', 'describe-shop'],
])('%s %s is served by %s', (method, path, service) => {
  expect(table.find(method, path).service).toBe(service)
})

test.each([
  ['/v1', []],
  ['/v1/products/', []],
  ['/v1/products/TEA/', []],
  ['//v1/products', []],
  ['/v1/products/TEA', ['GET', 'HEAD', 'OPTIONS', 'PATCH']],
  ['/v1/accounts/verification', ['GET', 'HEAD', 'OPTIONS', 'POST']],
])('%s takes %j and nothing else', (path, allow) => {
  expect(table.find('DELETE', path)).toEqual({ service: undefined, allow })
})

test('two functions with one route are a mistake that names both', () => {
  const services = [
    serviceNamed('view-order', { routes: ['GET /v1/orders/{id}'] }),
    serviceNamed('show-order', { routes: ['GET /v1/orders/{order}'] }),
  ]

  expect(() => new RoutingTable(services)).toThrow(
    'view-order and show-order both serve GET /v1/orders/{order}',
  )
})

test('a route that is none is a mistake that names its function', () => {
  expect(() => new RoutingTable([serviceNamed('view-order', { routes: ['/v1/orders'] })])).toThrow(
    'view-order',
  )
})
