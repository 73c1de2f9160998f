import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { IsInt, IsOptional, IsString, Length, Max, Min, ValidateNested } from 'class-validator'
import fc from 'fast-check'
import { serve, tokens } from '#support/door'
import { openCallers } from './caller'
import { http, ok, type Deps } from './http'
import type { Operation } from './operation'
import { problems } from './problem'
import { inputOf } from './request'

class Part {
  @IsString() @Length(1, 10) name!: string
}

class Thing {
  static readonly nested = { part: Part }
  static readonly integers = ['id']

  @IsInt() @Min(1) @Max(1000) id!: number
  @IsOptional() @IsString() @Length(0, 50) note?: string
  @IsOptional() @ValidateNested() part?: Part
}

const problem = problems('things', {
  broken: { status: 409, title: 'It is broken.' },
  rude: { status: 422, title: 'It is rude.', pointer: '#/note' },
})

class SecretThing extends Thing {
  static readonly secrets = ['note']
}

class Unread {
  static readonly raw = true
}

async function keepThing({ id, note }: Thing, { caller }: Deps) {
  if (note === 'broken') throw problem('broken', { id })
  if (note === 'rude') throw problem('rude')
  if (note === 'crash') throw new Error('the password is hunter2')
  return ok({ id, note, by: caller.id })
}

const operation: Operation = {
  name: 'keep-thing',
  domain: 'things',
  promise: 'Keeps a thing.',
  http: ['PUT /v1/things/{id}'],
  caller: ['staff'],
}

describe('http', () => {
  let url: string
  let close: () => Promise<void>
  let keys: Awaited<ReturnType<typeof tokens>>
  const put = async (
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    home = url,
  ) => {
    const authorization = await keys.bearer('bob', 'staff')
    const type = { 'content-type': 'application/json' }
    return fetch(home + path, { method: 'PUT', body, headers: { authorization, ...type, ...headers } })
  }

  beforeAll(async () => {
    keys = await tokens()
    const served = await serve(http(Thing, keepThing)(operation, { callers: openCallers }, keys.env))
    url = served.url
    close = served.close
  })
  afterAll(() => close())

  test('gives the parsed input and the caller to the handler, and answers JSON with the trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

    const response = await put('/v1/things/7', '{"note":"ü"}', { traceparent })

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ id: 7, note: 'ü', by: 'bob' })
    expect(response.headers.get('traceparent')).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/,
    )
  })

  test.each([
    ['a body that is not JSON', '/v1/things/7', '{"note"', 400, 'malformed-request'],
    ['a body that is not UTF-8', '/v1/things/7', Uint8Array.of(0x22, 0xff, 0x22), 400, 'malformed-request'],
    ['a body that is no object', '/v1/things/7', '[1]', 422, 'invalid-request'],
    ['an unknown field', '/v1/things/7', '{"x":1}', 422, 'invalid-request'],
    ['a field that the path gives', '/v1/things/7', '{"id":8}', 422, 'invalid-request'],
    ['a NUL character', '/v1/things/7', '{"note":"a\\u0000b"}', 422, 'invalid-request'],
    ['half a character', '/v1/things/7', '{"note":"\\ud83c"}', 422, 'invalid-request'],
    ['a number no integer can hold', '/v1/things/99999999999999999999', '{}', 422, 'invalid-request'],
    ['a shadowed constructor', '/v1/things/7', '{"constructor":{"x":1}}', 422, 'invalid-request'],
    ['a polluted prototype', '/v1/things/7', '{"__proto__":{"note":"x"}}', 422, 'invalid-request'],
    ['a nested scalar', '/v1/things/7', '{"part":3}', 422, 'invalid-request'],
    [
      'a hundred thousand brackets',
      '/v1/things/7',
      `{"note":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
      422,
      'invalid-request',
    ],
    ['two megabytes', '/v1/things/7', `{"note":"${'x'.repeat(2e6)}"}`, 413, 'request-too-large'],
    ['another path', '/v1/thing/7', '{}', 404, 'no-such-route'],
    ['a refusal of the business', '/v1/things/7', '{"note":"broken"}', 409, 'broken'],
  ])('answers %s with problem+json', async (_, path, body, status, kind) => {
    const response = await put(path, body)

    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const document = (await response.json()) as Record<string, unknown>
    expect([response.status, document['status']]).toEqual([status, status])
    expect(document['type']).toMatch(new RegExp(`^https://kiosk.example/problems/(platform|things)/${kind}$`))
    expect(document['instance']).toMatch(/^urn:trace:[0-9a-f]{32}$/)
  })

  test('says where each fault is', async () => {
    const response = await put('/v1/things/0', '{"part":{"name":""},"surprise":1}')

    const { errors } = (await response.json()) as { errors: { pointer: string }[] }
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['#/id', '#/part/name', '#/surprise'])
  })

  test('says where a refusal of the business is', async () => {
    const response = await put('/v1/things/7', '{"note":"rude"}')

    expect(await response.json()).toMatchObject({ errors: [{ detail: 'It is rude.', pointer: '#/note' }] })
  })

  test('refuses another media type, and another method with what is allowed', async () => {
    const text = await put('/v1/things/7', 'note', { 'content-type': 'text/plain' })
    const deleted = await fetch(`${url}/v1/things/7`, { method: 'DELETE' })

    const packed = await put('/v1/things/7', '{"note":"a"}', { 'content-encoding': 'gzip' })

    expect(packed.status).toBe(415)
    expect([text.status, deleted.status, deleted.headers.get('allow')]).toEqual([415, 405, 'PUT'])
  })

  test('refuses what is nested deeper than anybody can follow', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

    const { status } = await put('/v1/things/7', `{"note":"a","deep":${deep}}`)

    expect(status).toBe(422)
  })

  test('does not start where requests with secrets are repeatable and there is nothing to keep those safe by', () => {
    const starting = (idempotent?: 'optional' | 'required') => () =>
      http(SecretThing, keepThing)({ ...operation, ...(idempotent && { idempotent }) }, {}, {})

    expect(starting('optional')).toThrow('VERIFICATION_PEPPER is not set')
    expect(starting('required')).toThrow('VERIFICATION_PEPPER is not set')
    expect(starting()).not.toThrow()
  })

  test('says nothing of a fault of ours but its trace id', async () => {
    const response = await put('/v1/things/7', '{"note":"crash"}')

    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).not.toContain('hunter2')
    expect(JSON.parse(text)).toMatchObject({
      type: 'https://kiosk.example/problems/platform/fault',
      status: 500,
    })
  })

  test.each([
    ['no token', undefined, 401],
    ['a customer', () => keys.bearer('ada', 'customer'), 403],
    ['an admin', () => keys.bearer('eve', 'admin'), 200],
    [
      'an expired token',
      async () => `Bearer ${await keys.sign({ sub: 'bob', role: 'staff' }, { expires: '-1m' })}`,
      401,
    ],
    [
      'a token for another audience',
      async () => `Bearer ${await keys.sign({ sub: 'b', role: 'staff' }, { audience: 'x' })}`,
      401,
    ],
    ['a made-up role', async () => `Bearer ${await keys.sign({ sub: 'bob', role: 'root' })}`, 401],
    ['a token of another key', async () => (await tokens()).bearer('bob', 'staff'), 401],
    ['no scheme', () => Promise.resolve('abc'), 401],
  ])('answers %s as it should', async (_, authorization, status) => {
    const headers = authorization ? { authorization: await authorization() } : {}

    const response = await fetch(`${url}/v1/things/7`, { method: 'PUT', headers })

    expect(response.status).toBe(status)
    if (status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('turns any body whatever into a status below 500', async () => {
    const authorization = await keys.bearer('bob', 'staff')
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 300 }),
      fc.constant('{"note":"\\ud800"}'),
    )
    const type = fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-7', 'x')

    await fc.assert(
      fc.asyncProperty(body, type, async (bytes, contentType) => {
        const headers = { authorization, 'content-type': contentType }
        const response = await fetch(`${url}/v1/things/7`, { method: 'PUT', body: bytes as string, headers })
        expect(response.status).toBeLessThan(500)
      }),
      { numRuns: 200, seed: 7 },
    )
  })

  test('leaves a raw body unread until the handler reads it', async () => {
    const raw = { ...operation, http: ['POST /v1/things'], caller: ['anyone' as const] }
    const readThing = (_: Unread, { request }: Deps) =>
      Promise.resolve(request.headers['x-signed'] ? ok(inputOf(request, Part)) : ok('unread'))
    const served = await serve(http(Unread, readThing)(raw, {}, {}))
    const post = async (body: string, headers: Record<string, string>) => {
      const type = { 'content-type': 'application/json' }
      const url = `${served.url}/v1/things`
      const response = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } })
      return [response.status, await response.text()]
    }

    expect(await post('{"name"', { 'content-type': 'text/plain' })).toEqual([200, 'unread'])
    expect(await post('{"name":"a"}', { 'x-signed': '1' })).toEqual([200, '{"name":"a"}'])
    expect((await post('{"name"', { 'x-signed': '1' }))[0]).toBe(400)
    expect((await post('{"name":""}', { 'x-signed': '1' }))[0]).toBe(422)
    await served.close()
  })

  test('survives bytes that are not HTTP', async () => {
    const { port } = new URL(url)
    await new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end(randomBytes(2000)))
      socket.on('close', resolve).on('error', resolve).resume()
    })

    expect((await put('/v1/things/7', '{}')).status).toBe(200)
  })
})
