import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncapiOf } from './documents/asyncapi'
import { databaseFiles } from './databases'
import { gatewayRoutesOf } from './manifests/gateway-api'
import { eventTypesOf } from './manifests/event-types'
import { schemaOf, type Schema } from './documents/json-schema'
import { ingressOf, routesOf } from './manifests/kourier'
import { brokersOf, kustomizationOf, manifestOf } from './manifests/manifests'
import { loadModels } from './documents/models'
import { openapiOf } from './documents/openapi/openapi'
import { openfaasFiles } from './manifests/openfaas'
import { prepareJobOf } from './manifests/prepare-job'
import { PUBLISHED, publishedWith, type Published } from './documents/published'
import { settingsTable } from './manifests/settings-table'
import { withTables } from './readme-tables'
import { databaseDomains, eventPathsOf, operationsOf, published } from './tree'
import { wiringOf } from './manifests/wiring'

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: kiosk
  labels:
    app.kubernetes.io/part-of: kiosk
    pod-security.kubernetes.io/enforce: baseline
    pod-security.kubernetes.io/warn: restricted
`

/** Every derived file of the checkout: its path, and what it must say. */
export async function derive(root: string): Promise<Map<string, string>> {
  const operations = await operationsOf(root)
  const events = eventPathsOf(root)
  const models = await loadModels(root, operations)
  const sink = operations.find(({ deadLetters }) => deadLetters)?.name
  if (!sink)
    throw new Error('no function.json says "deadLetters": true, so nothing takes what cannot be delivered')

  const files = new Map<string, string>()
  for (const operation of operations) {
    files.set(`knative/base/${operation.domain}/${operation.name}.yaml`, manifestOf(operation, sink))
  }
  files.set(
    'knative/base/brokers.yaml',
    brokersOf([...new Set(events.map((path) => path.split('/')[0]!))], sink),
  )
  files.set('knative/base/namespace.yaml', NAMESPACE)
  files.set('knative/base/event-types.yaml', eventTypesOf(models.events))
  const written = ['network-policies', 'service-reader'].map((name) => `knative/base/${name}.yaml`)
  const resources = [...files.keys(), ...written].map((file) => file.replace('knative/base/', '')).sort()
  files.set('knative/base/kustomization.yaml', kustomizationOf(resources))

  const open = published(operations)
  files.set('knative/components/gateway/ingress.yaml', ingressOf(open))
  files.set('knative/prepare/job.yaml', prepareJobOf(databaseDomains(root)))
  files.set('infra/gateway/routes.json', json(routesOf(open)))
  files.set('knative/overlays/gateway-api/routes.yaml', gatewayRoutesOf(open))
  for (const [file, text] of databaseFiles(root, databaseDomains(root))) files.set(file, text)
  for (const [file, text] of openfaasFiles(files)) files.set(file, text)

  const schemas: Record<string, Schema> = {}
  for (const [path, { dataschema, Data }] of models.events) {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: dataschema,
      ...schemaOf(Data, 'allowed', { docs: models.docs }),
    }
    schemas[path] = schema
    files.set(`events/${path}/schema.json`, json(schema))
  }
  const held = readFileSync(join(root, PUBLISHED), 'utf8')
  files.set(PUBLISHED, json(publishedWith(JSON.parse(held) as Published, schemas, models.examples)))
  const shop = 'functions/platform/describe-shop'
  files.set(`${shop}/openapi.json`, json(openapiOf(open, models)))
  files.set(`${shop}/asyncapi.json`, json(asyncapiOf(operations, models)))
  files.set(`${shop}/schemas.json`, json(schemas))
  files.set('functions/platform/wiring.json', json(wiringOf(operations)))
  const manifests = [...files]
    .filter(([file]) => /^knative\/base\/[^/]+\//.test(file))
    .map(([, text]) => text)
  files.set('docs/functions.md', settingsTable(manifests))
  files.set('README.md', withTables(readFileSync(join(root, 'README.md'), 'utf8'), operations, events))
  return files
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
