import { LARGEST_OFFSET, listenersOn, portsFrom } from './layout'

test('every port of a platform is one, however far they are moved', () => {
  const ports = listenersOn(portsFrom(LARGEST_OFFSET)).map(({ port }) => port)

  expect(Math.max(...ports)).toBe(65_535)
})

test('who listens is known for every port', () => {
  const ports = portsFrom(1)

  const wanted = listenersOn(ports)

  expect(wanted.map(({ port }) => port).sort()).toEqual(Object.values(ports).sort())
})
