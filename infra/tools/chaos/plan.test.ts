import { planOf, TARGETS, type FaultKind } from './plan'

describe('the plan of a run', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planOf(7, 60, 300_000)).toEqual(planOf(7, 60, 300_000))
    expect(planOf(8, 60, 300_000)).not.toEqual(planOf(7, 60, 300_000))
  })

  test('has every kind of fault in a short run, and every kind against every target in a long one', () => {
    const kinds = new Set(planOf(3, 9, 20_000).map(({ kind }) => kind))
    const pairs = new Set(planOf(3, 72, 360_000).map(({ kind, target }) => `${kind} ${target}`))

    expect([...kinds].sort()).toEqual(Object.keys(TARGETS).sort())
    for (const kind of Object.keys(TARGETS) as FaultKind[]) {
      for (const target of TARGETS[kind]) expect(pairs).toContain(`${kind} ${target}`)
    }
  })

  test('lets the load go on before the first fault and after the last', () => {
    const plan = planOf(5, 60, 300_000)

    expect(Math.min(...plan.map(({ atMs }) => atMs))).toBeGreaterThan(10_000)
    expect(Math.max(...plan.map(({ atMs, forMs }) => atMs + forMs))).toBeLessThan(290_000)
  })
})
