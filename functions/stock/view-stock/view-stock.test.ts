import { openDomain } from '#support/domain'
import { level } from '#support/stock'
import { viewStock } from './handler'

describe('view-stock', () => {
  const domain = openDomain('stock/view-stock')

  test('shows how much of an item there is and how much is promised', async () => {
    await domain.given(level('TEA', 10, 4))

    const { body } = await viewStock({ sku: 'TEA' }, domain.deps())

    expect(body).toEqual({ sku: 'TEA', onHand: 10, reserved: 4, available: 6 })
  })

  test('knows nothing of an item that never came', async () => {
    await expect(viewStock({ sku: 'GHOST' }, domain.deps())).rejects.toMatchObject({
      kind: 'unknown-sku',
      status: 404,
    })
  })
})
