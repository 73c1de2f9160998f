import { publishedWith, takenBack, type Published } from './published'

const SCHEMA = {
  $id: 'https://kiosk.example/events/orders/order-placed.v1/schema.json',
  type: 'object',
  properties: {
    orderId: { type: 'string', maxLength: 64, description: 'Ours.' },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
    },
    note: { type: 'string' },
  },
  required: ['orderId', 'lines'],
}
const EXAMPLE = { orderId: 'a', lines: [{ sku: 'TEA' }] }
const PATH = 'orders/order-placed.v1'
const tree = (schema: object = SCHEMA, examples: Record<string, object> = { '0001.json': EXAMPLE }) =>
  [{ [PATH]: schema as Record<string, unknown> }, new Map([[PATH, examples]])] as const
const BEFORE: Published = publishedWith({}, ...tree())

const changed = (change: (schema: typeof SCHEMA) => unknown) => {
  const schema = structuredClone(SCHEMA)
  change(schema)
  return takenBack(BEFORE, ...tree(schema))
}

test('an event that stays as it is takes nothing back', () => {
  expect(takenBack(BEFORE, ...tree())).toEqual([])
  expect(BEFORE[PATH]!.fields).toEqual({
    orderId: 'string maxLength=64!',
    lines: 'array!',
    'lines[]': 'object',
    'lines[].sku': 'string!',
    note: 'string',
  })
})

test('an optional field and another description may come', () => {
  const schema = structuredClone(SCHEMA) as { properties: Record<string, object> }
  schema.properties['gift'] = {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
  }
  schema.properties['orderId'] = { type: 'string', maxLength: 64, description: 'Yours.' }

  expect(takenBack(BEFORE, ...tree(schema))).toEqual([])
  expect(publishedWith(BEFORE, ...tree(schema))[PATH]!.fields).toMatchObject({
    gift: 'object',
    'gift.text': 'string!',
  })
})

test.each<[string, (schema: typeof SCHEMA) => unknown, string]>([
  ['a field goes', ({ properties }) => Reflect.deleteProperty(properties, 'note'), 'note is gone'],
  [
    'a type changes',
    ({ properties }) => void (properties.note.type = 'integer'),
    'note was string and is integer',
  ],
  [
    'a bound changes',
    ({ properties }) => void (properties.orderId.maxLength = 32),
    'orderId was string maxLength=64! and is string maxLength=32!',
  ],
  ['a field need not be there', ({ required }) => void required.pop(), 'lines was array! and is array'],
  ['a field must be there', ({ required }) => void required.push('note'), 'note was string and is string!'],
  [
    'a new field must be there',
    ({ properties, required }) => {
      Object.assign(properties, { total: { type: 'integer' } })
      required.push('total')
    },
    'total is new and required',
  ],
  [
    'a new field of a part must be there',
    ({ properties }) => {
      Object.assign(properties.lines.items.properties, { size: { type: 'integer' } })
      properties.lines.items.required.push('size')
    },
    'lines[].size is new and required',
  ],
])('it is told when %s', (_, change, told) => {
  expect(changed(change)).toEqual([`${PATH}: ${told}`])
})

test('it is told when an event or an example goes, or an example is rewritten', () => {
  expect(takenBack(BEFORE, {}, new Map())).toEqual([`${PATH} is gone`])
  expect(takenBack(BEFORE, ...tree(SCHEMA, {}))).toEqual([`${PATH}: the example 0001.json is gone`])
  expect(takenBack(BEFORE, ...tree(SCHEMA, { '0001.json': { ...EXAMPLE, orderId: 'b' } }))).toEqual([
    `${PATH}: the example 0001.json says something else`,
  ])
})

test('what was published stays published, whatever the tree says', () => {
  expect(publishedWith(BEFORE, {}, new Map())).toEqual(BEFORE)
})
