import { currentTrace, traced, type Trace } from './trace'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

/** No SDK is registered here, as in a function whose spans nobody collects. */
describe('a trace', () => {
  const traceOf = (traceparent?: string) =>
    traced('place-order', traceparent, {}, 'server', (trace) => Promise.resolve(trace))

  test.each([
    ['01', '01'],
    ['00', '00'],
    ['03', '01'],
    ['02', '00'],
  ])('goes on in a span of its own, sampled or not as its parent is (%s)', async (flags, expected) => {
    const { traceId, spanId, traceparent } = await traceOf(`00-${TRACE}-${SPAN}-${flags}`)

    expect(traceId).toBe(TRACE)
    expect(spanId).not.toBe(SPAN)
    expect(traceparent).toBe(`00-${TRACE}-${spanId}-${expected}`)
  })

  test.each([undefined, 'nonsense', `00-${'0'.repeat(32)}-${SPAN}-01`, `00-${TRACE}-${'0'.repeat(16)}-00`])(
    'begins anew, sampled, after %s',
    async (traceparent) => {
      const trace = await traceOf(traceparent)

      expect(trace.traceId).not.toBe(TRACE)
      expect(trace.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/)
    },
  )

  test('is known to whatever is called within it, and to nobody outside', async () => {
    const within = async () => {
      await Promise.resolve()
      return currentTrace()
    }
    const both = () => traced('view-cart', undefined, {}, 'server', async (own) => [own, await within()])

    const pairs: (Trace | undefined)[][] = await Promise.all([both(), both()])

    for (const [own, current] of pairs) expect(current).toEqual(own)
    expect(pairs[0]).not.toEqual(pairs[1])
    expect(currentTrace()).toBeUndefined()
  })
})
