import * as fc from 'fast-check'
import { cloudEvent, InvalidEvent, MAX_ATTRIBUTE_BYTES } from './cloud-event'
import { binaryHeaders, eventFromHttp } from './http-binding'

const base = { specversion: '1.0', id: '1', source: '/shop', type: 'order-placed' }
const headersOf = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries({ ...base, ...attributes }).map(([name, value]) => [`ce-${name}`, value]))
const binary = (attributes: Record<string, string>, others = {}) =>
  eventFromHttp({ ...headersOf(attributes), ...others }, Buffer.from('x'))

describe('an event over HTTP', () => {
  test('is the same after it was written in binary mode and read again', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => {
      return !/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(value)
    })
    fc.assert(
      fc.property(
        text,
        text,
        fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,20}$/), text),
        (id, type, more) => {
          const attributes = new Map(Object.entries({ ...base, id, type, subject: ` ${id}% "` }))
          for (const [name, value] of Object.entries(more)) attributes.set(`x${name}`, value)
          const event = cloudEvent(attributes, Buffer.from('x'))

          expect(eventFromHttp(binaryHeaders(event), event.data)).toEqual(event)
        },
      ),
      { numRuns: 200, seed: 7 },
    )
  })

  test.each([
    ['percent-encoded once', 'Euro%20%E2%82%AC%2520', 'Euro €%20'],
    ['in double quotes with escapes', '"a \\"b\\" %41"', 'a "b" A'],
    ['plain', 'a+b', 'a+b'],
  ])('reads a value that is %s', (_, header, value) => {
    expect(binary({ subject: header }).attributes.get('subject')).toBe(value)
  })

  test.each([
    ['application/cloudevents+json'],
    ['application/cloudevents+json; charset=utf-8'],
    ['Application/CloudEvents+JSON;charset="UTF-8"'],
  ])('is read in structured mode as %s', (contentType) => {
    const event = eventFromHttp(
      { 'content-type': contentType },
      Buffer.from(JSON.stringify({ ...base, data: 1 })),
    )

    expect([event.id, event.data.toString()]).toEqual(['1', '1'])
  })

  test.each([
    ['an invalid percent-encoding', { subject: '100%' }, {}, /ce-subject is not percent-encoded UTF-8/],
    ['percent-encoded bytes that are no UTF-8', { subject: '%FF' }, {}, /ce-subject/],
    ['raw characters beyond ASCII', { subject: 'grÃ¼n' }, {}, /must be percent-encoded/],
    ['an encoded line break', { subject: 'a%0D%0Ab' }, {}, /control character/],
    ['an encoded surrogate', { subject: '%ED%A0%80' }, {}, /ce-subject/],
    ['an empty id', { id: '' }, {}, /"id" must be a non-empty string/],
    ['another version', { specversion: '0.3' }, {}, /"specversion" must be "1.0"/],
    ['a source that is no URI', { source: 'a%20b' }, {}, /"source" must be a non-empty URI reference/],
    ['a time that is none', { time: 'yesterday' }, {}, /RFC 3339/],
    ['a schema without a scheme', { dataschema: '/schema.json' }, {}, /absolute URI/],
    ['an underscore in a name', { order_id: '1' }, {}, /"order_id" is no attribute name/],
    ['an attribute called data', { data: '1' }, {}, /"data" is not allowed/],
    ['the content type as an attribute', { datacontenttype: 'a/b' }, {}, /Content-Type/],
    ['a content type that is none', {}, { 'content-type': 'json' }, /"datacontenttype" must be a media type/],
    ['an attribute twice', {}, { 'ce-subject': ['a', 'b'] }, /ce-subject is there 2 times/],
    ['a batch', {}, { 'content-type': 'application/cloudevents-batch+json' }, /batch is not supported/],
    ['another format', {}, { 'content-type': 'application/cloudevents+avro' }, /format .* is not supported/],
    ['another charset', {}, { 'content-type': 'application/cloudevents+json; charset=latin1' }, /charset/],
  ])('is refused with %s', (_, attributes, others, reason) => {
    expect(() => binary(attributes, others)).toThrow(reason)
  })

  test.each(['id', 'source', 'type'])('is refused without %s', (name) => {
    const rest = Object.entries(headersOf({})).filter(([header]) => header !== `ce-${name}`)

    expect(() => eventFromHttp(Object.fromEntries(rest), Buffer.alloc(0))).toThrow(
      `The attribute "${name}" is missing.`,
    )
  })

  test('is refused when its attributes would not fit into a request to a function', () => {
    const large = { subject: 'x'.repeat(MAX_ATTRIBUTE_BYTES) }

    expect(() => binary(large)).toThrow(
      expect.objectContaining({ name: 'InvalidEvent', status: 413 }) as Error,
    )
  })

  test('is refused or read, whatever arrives', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('%', '"\\"', '1.0', 'a/b'))
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('specversion', 'id', 'source', 'type', 'constructor', 'time'),
    )
    fc.assert(
      fc.property(
        fc.dictionary(name, value),
        fc.uint8Array(),
        fc.boolean(),
        (attributes, bytes, structured) => {
          const type = structured ? { 'content-type': 'application/cloudevents+json' } : {}
          try {
            binary(attributes, type)
            eventFromHttp(type, Buffer.from(bytes))
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidEvent)
          }
        },
      ),
      { numRuns: 500, seed: 7 },
    )
  })
})
