import { dataPlane } from './data-plane.features'
import { deployProbe } from './deploy-probe'
import { NAMESPACE } from './probe/manifests'
import { imageContract, runtimeContract } from './runtime-contract.features'
import { askThrough, type BrokerClass } from './target'

const { GATEWAY_URL, CONFORMANCE_IMAGE, CONFORMANCE_HOST, CONFORMANCE_BROKER } = process.env
if (!GATEWAY_URL) throw new Error('GATEWAY_URL is not set: see tests/conformance/README.md')

const broker = (CONFORMANCE_BROKER ?? 'in-memory') as BrokerClass
const host = CONFORMANCE_HOST ?? '{service}.{namespace}.127.0.0.1.sslip.io'
const hostOf = (service: string) => host.replace('{service}', service).replace('{namespace}', NAMESPACE)
const target = { ask: askThrough(GATEWAY_URL, hostOf) }

/** The same cases as on the embedded platform, on an image of the shop in a cluster. */
describe(`on a cluster with the broker ${broker}`, () => {
  if (CONFORMANCE_IMAGE) deployProbe(CONFORMANCE_IMAGE, broker)

  describe("Knative's runtime contract:", () => runtimeContract(() => target))
  describe('the image:', () => imageContract(() => target))
  describe("Knative's data plane:", () => dataPlane(broker, () => target))
})
