import { pause, until, type Answer } from '#support/ask'
import { scaledFunctions } from '#support/scaled-functions'
import { serviceNamed } from '#support/tiny-functions'
import type { Observation } from './observation'

const scaling = scaledFunctions()

test('starts a function on its first request and ends it when its window passed without another', async () => {
  const { scaler, observations, seen, asking } = await scaling(
    serviceNamed('hello', { scale: { min: 0, max: 3, target: 10, windowSeconds: 1 } }),
  )
  const before = scaler.states()

  const answer = await asking('hello')
  const during = scaler.states()
  await until(() => scaler.states()[0]!.ready === 0 && seen('stopped').length === 1)
  const again = await asking('hello')

  expect(before).toEqual([{ name: 'hello', ready: 0, starting: 0, inFlight: 0, queued: 0, coldStarts: 0 }])
  expect(answer.body).toBe('hello hi')
  expect(during[0]).toMatchObject({ ready: 1, coldStarts: 1, lastColdStartMs: expect.any(Number) as number })
  expect(again.body).toBe('hello hi')
  const seenByThen = observations.slice(0, 5).map(({ kind }) => kind)
  expect(seenByThen).toEqual(['started', 'ready', 'stopped', 'started', 'ready'])
})

test('keeps the minimum without a request', async () => {
  const { scaler, seen } = await scaling(
    serviceNamed('hello', { scale: { min: 2, max: 3, target: 10, windowSeconds: 1 } }),
  )

  await until(() => scaler.states()[0]!.ready === 2)
  await pause(2_500)

  expect(scaler.states()[0]).toMatchObject({ ready: 2, coldStarts: 0 })
  expect(seen('stopped')).toEqual([])
})

test('gives an instance no more than its hard limit, and asks more instances for the rest', async () => {
  const scale = { min: 0, max: 2, target: 1, windowSeconds: 6 }
  const { asking } = await scaling(serviceNamed('slow', { scale, containerConcurrency: 1 }))
  await asking('slow')

  const answers: Answer[] = []
  const pids = () => new Set(answers.map(({ body }) => body)).size
  // The other may still be starting when the first has answered all.
  for (let rounds = 0; rounds < 10 && pids() < 2; rounds++) {
    answers.push(...(await Promise.all(Array.from({ length: 8 }, () => asking('slow')))))
  }

  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(pids()).toBe(2)
  expect(answers.filter(({ headers }) => headers['x-at-once'] !== '1')).toEqual([])
}, 120_000)

test('what crashed while serving is a 502 for its caller, told with its exit code, and started again', async () => {
  const { seen, asking } = await scaling(serviceNamed('crash'))
  const first = await asking('crash')

  const crashed = await asking('crash', '/crash')
  const second = await asking('crash')
  await until(() => seen('crashed').length === 1)

  expect(crashed.status).toBe(502)
  expect(JSON.parse(crashed.body)).toMatchObject({
    type: 'https://kiosk.example/problems/platform/broken-answer',
  })
  expect(second.status).toBe(200)
  expect(second.body).not.toBe(first.body)
  expect(seen('crashed')[0]).toMatchObject({
    detail: expect.stringMatching(/^crash crashed with exit code 3/) as string,
  })
})

test('what was killed while idle is started again by the next request, which sees nothing of it', async () => {
  const { scaler, seen, asking } = await scaling(serviceNamed('crash'))
  const first = await asking('crash')

  process.kill(Number(first.body), 'SIGKILL')
  await until(() => seen('crashed').length === 1)
  const between = scaler.states()[0]!
  const second = await asking('crash')

  expect(between.trouble).toBeUndefined()
  expect(between.lastCrash).toMatch(/^crash crashed by SIGKILL/)
  expect(second.status).toBe(200)
  expect(second.body).not.toBe(first.body)
  expect(scaler.states()[0]!.lastCrash).toBeUndefined()
})

test('what crashed is in trouble when its next start fails, and no more when it is ready again', async () => {
  const { scaler, seen, asking } = await scaling(serviceNamed('relapsing'))
  const trouble = () => scaler.states()[0]!.trouble

  await asking('relapsing')
  await until(() => seen('crashed').length === 1)
  const afterCrash = trouble()
  const refused = await asking('relapsing')
  const afterRelapse = trouble()
  await pause(Number(refused.headers['retry-after']) * 1_000)
  const again = asking('relapsing')
  await until(() => seen('ready').length === 2)

  expect(afterCrash).toBeUndefined()
  expect(refused.status).toBe(503)
  expect(afterRelapse).toMatch(/^relapsing cannot be started: .*it has not recovered/)
  expect(trouble()).toBeUndefined()
  await again
})

test('says why a function cannot be started, and sends its callers away for a while', async () => {
  const { scaler, seen, asking } = await scaling(serviceNamed('unstartable'), serviceNamed('hello'))

  const first = await asking('unstartable')
  const second = await asking('unstartable')
  const other = await asking('hello')

  expect([first.status, second.status, other.status]).toEqual([503, 503, 200])
  expect(first.headers['retry-after']).toBe('1')
  const [failed] = seen('failed-to-start') as [Observation & { detail: string }]
  expect(failed.detail).toMatch(/^unstartable cannot be started: it ended with exit code 1; it said last: /)
  expect(failed.detail).toContain('a setting is missing')
  expect(scaler.states()[0]!.trouble).toBe(failed.detail)
  expect(seen('started').filter(({ service }) => service === 'unstartable')).toHaveLength(1)
})

test('lets what is under way finish when it stops, and refuses the rest', async () => {
  const { scaler, asking } = await scaling(serviceNamed('slow'))
  await asking('slow')

  const underWay = asking('slow')
  await until(() => scaler.states()[0]!.inFlight === 1)
  const stopping = scaler.stop(5_000)
  const late = await asking('slow')
  const finished = await underWay
  await stopping

  expect(finished.status).toBe(200)
  expect(late.status).toBe(503)
  expect(scaler.states()[0]).toMatchObject({ ready: 0, starting: 0 })
})
