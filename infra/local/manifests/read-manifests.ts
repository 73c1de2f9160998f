import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { readCron } from '../timers/cron'
import { isoMilliseconds } from './duration'
import { Field } from './manifest-field'
import type { Delivery, Manifests, Timer, Trigger } from './manifests'
import { readService } from './read-service'

const NAMESPACE = 'kiosk'

interface Names {
  services: Set<string>
  brokers: Set<string>
}

/**
 * Reads every `*.yaml` below a folder, by the order of the files' names; kinds it does not know are left to a cluster.
 *
 * What it cannot follow is an error, one sentence that names the file: YAML that is none, a name twice, a Trigger without
 * its whole delivery (a cluster's broker would not retry it), a reference to a Service or Broker that is not there.
 */
export const readManifests = (folder: string): Manifests =>
  manifestsFrom(filesOf(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const))

/** As `readManifests`, of texts by the names of their files. */
export function manifestsFrom(files: readonly (readonly [string, string])[]): Manifests {
  const documents = files.flatMap(([file, text]) => documentsOf(file, text))
  const of = (kind: string) => named(documents.filter((document) => kindOf(document) === kind))
  const services = of('serving.knative.dev/Service').map(readService)
  const brokers = of('eventing.knative.dev/Broker').map(nameOf)
  const names = { services: new Set(services.map(({ name }) => name)), brokers: new Set(brokers) }
  const namespace = documents
    .map((document) => document.at('metadata', 'namespace'))
    .find(({ isThere }) => isThere)
  return {
    namespace: namespace?.text() ?? NAMESPACE,
    services,
    brokers,
    triggers: of('eventing.knative.dev/Trigger').map((document) => readTrigger(document, names)),
    timers: of('sources.knative.dev/PingSource').map((document) => readTimer(document, names)),
  }
}

function readTrigger(document: Field, names: Names): Trigger {
  const spec = document.at('spec')
  const broker = spec.at('broker')
  if (!names.brokers.has(broker.text())) broker.wrong(`names the Broker ${broker.text()}, which is not there`)
  return {
    name: nameOf(document),
    broker: broker.text(),
    filter: spec.at('filter', 'attributes').texts(),
    service: serviceAt(spec.at('subscriber', 'ref'), names),
    delivery: readDelivery(spec.at('delivery'), names),
  }
}

function readDelivery(delivery: Field, names: Names): Delivery {
  for (const part of ['retry', 'backoffPolicy', 'backoffDelay', 'timeout', 'deadLetterSink']) {
    if (!delivery.at(part).isThere) delivery.wrong(`does not state ${part}`)
  }
  const duration = (name: string) => delivery.at(name).read(isoMilliseconds, 'a duration such as PT0.5S')
  return {
    retry: delivery.at('retry').count(),
    backoffPolicy: delivery.at('backoffPolicy').oneOf('linear', 'exponential'),
    backoffDelayMs: duration('backoffDelay'),
    timeoutMs: duration('timeout'),
    deadLetterService: serviceAt(delivery.at('deadLetterSink', 'ref'), names),
  }
}

function readTimer(document: Field, names: Names): Timer {
  const schedule = document.at('spec', 'schedule')
  try {
    readCron(schedule.text())
  } catch (error) {
    schedule.wrong(`is not valid: ${(error as Error).message}`)
  }
  const service = serviceAt(document.at('spec', 'sink', 'ref'), names)
  return { name: nameOf(document), schedule: schedule.text(), service }
}

function serviceAt(ref: Field, { services }: Names): string {
  const name = ref.at('name')
  if (!services.has(name.text())) name.wrong(`names the Service ${name.text()}, which is not there`)
  return name.text()
}

/** The documents, after a look that no two have one name. */
function named(documents: Field[]): Field[] {
  const seen = new Set<string>()
  for (const document of documents) {
    const name = nameOf(document)
    if (seen.has(name)) document.at('metadata', 'name').wrong(`is ${name}, a name that another has`)
    seen.add(name)
  }
  return documents
}

const nameOf = (document: Field) => document.at('metadata', 'name').text()
const kindOf = (document: Field) =>
  `${document.at('apiVersion').text('').split('/')[0]!}/${document.at('kind').text('')}`

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()

function documentsOf(file: string, text: string): Field[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors
    if (error) throw new Error(`${file}: ${error.message.split('\n', 1)[0]!}`)
    return new Field(document.toJS(), file)
  })
}
