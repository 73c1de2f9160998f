import { randomUUID } from 'node:crypto'
import { dataPlane } from './data-plane.features'
import { embeddedTarget } from './embedded-target'
import { PROBE, SINK } from './probe/manifests'
import { runtimeContract } from './runtime-contract.features'
import { eventually, learn } from './target'

/** The embedded platform keeps the contracts of the cluster that it stands in for. */
describe('on the embedded platform', () => {
  const { target, observations } = embeddedTarget('embedded')

  describe("Knative's runtime contract:", () => runtimeContract(target))
  describe("Knative's data plane:", () => dataPlane('embedded', target))

  test('a request without a trace begins one', async () => {
    const { headers } = await learn<{ headers: Record<string, string> }>(target(), PROBE, '/request')

    expect(headers['traceparent']).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
  })

  test('an event that is lost is lost loudly', async () => {
    const id = randomUUID()
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': '/conformance',
      'ce-type': 'conformance.event',
      'ce-answers': '404',
    }
    const publication = JSON.stringify({ method: 'POST', headers, body: '' })
    await learn(target(), SINK, '/publications', { method: 'POST', body: publication })

    const lost = await eventually('the loss to be told', () =>
      Promise.resolve(observations.find(({ kind, event }) => kind === 'lost' && event.id === id)),
    )

    expect(lost.warning).toContain('Answer 2xx when it is done, or 5xx to get it again')
  })
})
