import { jsonEvent, rawMember } from './json-event'

const base = { specversion: '1.0', id: '1', source: '/shop', type: 'order-placed' }
const read = (members: object | string) =>
  jsonEvent(Buffer.from(typeof members === 'string' ? members : JSON.stringify({ ...base, ...members })))

describe('an event in the JSON format', () => {
  test('keeps JSON data to the letter, numbers that a parser would change included', () => {
    const data = '{ "total": 12345678901234567890, "rate": 1.0, "text": "a\\u0022}\\\\" }'

    const event = read(`{"specversion":"1.0","id":"1","data": ${data} ,"source":"/shop","type":"t"}`)

    expect(event.data.toString()).toBe(data)
    expect(event.attributes.get('datacontenttype')).toBe('application/json')
  })

  test('gives booleans and 32-bit integers their canonical string form, and drops null', () => {
    const event = read({ urgent: true, sequence: -2147483648, partitionkey: 'ada', subject: null })

    expect(Object.fromEntries(event.attributes)).toEqual({
      ...base,
      urgent: 'true',
      sequence: '-2147483648',
      partitionkey: 'ada',
    })
  })

  test.each([
    ['text in another type', { datacontenttype: 'text/plain', data: 'grüß' }, 'grüß'],
    ['a JSON string', { datacontenttype: 'application/json', data: 'x' }, '"x"'],
    ['a suffix of JSON', { datacontenttype: 'application/vnd.shop+json; v=1', data: 'x' }, '"x"'],
    ['an object in a type that is not JSON', { datacontenttype: 'text/plain', data: { a: 1 } }, '{"a":1}'],
    ['null', { data: null }, 'null'],
    [
      'bytes',
      { datacontenttype: 'image/png', data_base64: Buffer.from([0, 255]).toString('base64') },
      '\u0000\xff',
    ],
    ['nothing', {}, ''],
  ])('reads data that is %s', (_, members, expected) => {
    expect(read(members).data).toEqual(Buffer.from(expected, 'data_base64' in members ? 'latin1' : 'utf8'))
  })

  test.each([
    ['no JSON', '{"id":', /^The body is not JSON/],
    ['an array', '[{}]', /batch/],
    ['a number', '1', /not a JSON object/],
    ['an attribute that is a number', { id: 7 }, /"id" must be a string/],
    [
      'an attribute that is an object',
      { trace: {} },
      /"trace" must be a string, a boolean or a 32-bit integer/,
    ],
    ['an attribute that is a fraction', { rate: 0.5 }, /"rate"/],
    ['an attribute that is a large integer', { sequence: 2147483648 }, /"sequence"/],
    ['both kinds of data', { data: 1, data_base64: 'AA==' }, /not both/],
    ['data that is not base64', { data_base64: 'A A==' }, /not base64/],
    ['a name that is none', { Partition: 'x' }, /"Partition" is no attribute name/],
    [
      'a name that is a trap',
      `{"__proto__":"x",${JSON.stringify(base).slice(1)}`,
      /"__proto__" is no attribute name/,
    ],
  ])('refuses %s', (_, members, reason) => {
    expect(() => read(members)).toThrow(reason)
  })

  test('refuses a body that is not UTF-8', () => {
    expect(() => jsonEvent(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow('The body is not UTF-8.')
  })
})

test('the last member of a name counts, however it is escaped', () => {
  expect(rawMember('{"data":1,"x":{"data":2},"d\\u0061ta":[3,{"}":"]"}]}', 'data')).toBe('[3,{"}":"]"}]')
})
