import { optionsOf } from './options'

describe('the words of npm run chaos', () => {
  test('mean five minutes with a fault every five seconds, unless they say otherwise', () => {
    expect(optionsOf([])).toMatchObject({ minutes: 5, faults: 60, rate: 12, keep: false })
    expect(optionsOf(['--minutes', '2', '--seed=7', '--keep'])).toMatchObject({
      ...{ minutes: 2, seed: 7, faults: 24, keep: true },
    })
  })

  test.each(['--minute=5', '--minutes=0', '--minutes=x', '--seed=1.5', '--ports=+60000', 'hello'])(
    'are refused when they say %s',
    (word) => expect(optionsOf([word])).toBeUndefined(),
  )
})
