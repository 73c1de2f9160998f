import { goSeconds } from './duration'
import type { Field } from './manifest-field'
import type { FunctionService } from './manifests'

const AUTOSCALING = 'autoscaling.knative.dev'

/** Knative's own defaults (config-autoscaler and config-defaults), where a manifest is silent. */
const DEFAULTS = { target: 100, window: '60s', timeoutSeconds: 300 }

/** A Knative Service as one function of the embedded platform. */
export function readService(manifest: Field): FunctionService {
  const metadata = manifest.at('metadata')
  const template = manifest.at('spec', 'template')
  const scale = (name: string) => template.at('metadata', 'annotations', `${AUTOSCALING}/${name}`)
  const container = template.at('spec', 'containers', 0)
  const visibility = metadata.at('labels', 'networking.knative.dev/visibility')
  const routes = metadata.at('annotations', 'kiosk.example/routes').text('').split('\n')
  return {
    name: metadata.at('name').text(),
    operation: container
      .at('image')
      .text()
      .replace(/^.*\/|[:@].*$/g, ''),
    domain: metadata.at('labels', 'kiosk.example/domain').text(),
    visibility: visibility.isThere ? visibility.oneOf('external', 'cluster-local') : 'external',
    routes: routes.map((route) => route.trim()).filter((route) => route !== ''),
    scale: {
      min: scale('min-scale').count(0),
      max: scale('max-scale').count(0),
      target: scale('target').count(DEFAULTS.target),
      windowSeconds: scale('window').read(goSeconds, 'a duration such as 60s', DEFAULTS.window),
    },
    containerConcurrency: template.at('spec', 'containerConcurrency').count(0),
    timeoutSeconds: template.at('spec', 'timeoutSeconds').count(DEFAULTS.timeoutSeconds),
    env: literalsOf(container),
    envFrom: container.at('envFrom').items().map(sourceOf),
  }
}

/** Variables that point elsewhere (`valueFrom`: field, resource) mean nothing outside a cluster. */
function literalsOf(container: Field): Record<string, string> {
  const variables = container.at('env').items()
  const literals = variables.filter((variable) => !variable.at('valueFrom').isThere)
  return Object.fromEntries(
    literals.map((variable) => [variable.at('name').text(), variable.at('value').text('')]),
  )
}

function sourceOf(source: Field): FunctionService['envFrom'][number] {
  const secret = source.at('secretRef')
  if (secret.isThere) return { kind: 'secret', name: secret.at('name').text() }
  return { kind: 'configMap', name: source.at('configMapRef', 'name').text() }
}
