import { dataPlane } from './data-plane.features'
import { embeddedTarget } from './embedded-target'

/** What stands in for a broker on OpenFaaS keeps the contract of a broker, and loses nothing where others do. */
describe('the dispatcher for OpenFaaS', () => {
  const { target } = embeddedTarget('openfaas')

  describe("Knative's data plane:", () => dataPlane('openfaas', target))
})
