import { SABOTAGES } from './sabotage'
import { search } from './search'
import { openShops } from './shop'
import { shrunk, storyOf } from './shrink'

const SEEDS = 60

/** What the first failing seed of so many does, shrunk when it is to be read; nothing when none fails. */
async function storyOfFailure(last: number, without?: string): Promise<string | undefined> {
  const sabotage = without === undefined ? undefined : SABOTAGES[without]
  const { shops, close } = await openShops(process.env['KIOSK_TEST_POSTGRES_URL']!, 5, sabotage)
  try {
    const { found } = await search(shops, { first: 1, last })
    if (!found) return undefined
    return storyOf(without === undefined ? await shrunk(found.shop, found.failing) : found.failing, without)
  } finally {
    await close()
  }
}

describe('an adversary that delays, repeats, reorders and kills', () => {
  test('finds nothing lost and nothing twice', async () => {
    expect(await storyOfFailure(SEEDS)).toBeUndefined()
  }, 300_000)

  test.each(Object.keys(SABOTAGES))(
    'finds within 100 seeds that this is missing: %s',
    async (name) => {
      expect(await storyOfFailure(100, name)).toMatch(/violates/)
    },
    300_000,
  )
})
