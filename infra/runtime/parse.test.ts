import { ArrayMaxSize, IsArray, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator'
import { parse } from './parse'

class Part {
  @IsInt() size!: number
  @IsOptional() @IsString() colour?: string
}

class Whole {
  static readonly nested = { parts: Part, main: Part }

  @IsString() name!: string
  @IsOptional() @IsString() note?: string
  @IsOptional() @IsArray() @ArrayMaxSize(30) @ValidateNested({ each: true }) parts?: Part[]
  @IsOptional() @ValidateNested() main?: Part
  @IsOptional() @IsObject() details?: object
}

const faultsOf = (value: object) => {
  try {
    return parse(Whole, value, 'strict')
  } catch (error) {
    return error
  }
}

describe('a part', () => {
  test.each([
    ['one is no list, even an empty one', { name: 'W', main: [] }, '#/main'],
    ['one is no list of one', { name: 'W', main: [{ size: 1 }] }, '#/main'],
    ['a list is no list of lists', { name: 'W', parts: [[]] }, '#/parts/0'],
  ])('%s', (_, value, pointer) => {
    expect(faultsOf(value)).toMatchObject({ kind: 'invalid-request', members: { errors: [{ pointer }] } })
  })
})

describe('null', () => {
  test('is what is left out, in every part', () => {
    const parsed = parse(
      Whole,
      { name: 'W', note: null, parts: [{ size: 1, colour: null }], main: { size: 2, colour: null } },
      'strict',
    )

    expect(JSON.parse(JSON.stringify(parsed))).toEqual({ name: 'W', parts: [{ size: 1 }], main: { size: 2 } })
    expect(Object.keys(parsed)).not.toContain('note')
    expect(Object.keys(parse(Whole, { name: 'W', main: null, parts: null }, 'tolerant'))).toEqual(['name'])
  })

  test('in what is not ours to know stays as it is', () => {
    expect(parse(Whole, { name: 'W', details: { of: null } }, 'strict').details).toEqual({ of: null })
  })

  test.each([
    ['is missed where something is needed', { name: null }, '#/name'],
    ['is no field that we do not know', { name: 'W', other: null }, '#/other'],
    ['is no part of a list', { name: 'W', parts: [null] }, '#/parts/0'],
  ])('%s', (_, value, pointer) => {
    expect(faultsOf(value)).toMatchObject({ kind: 'invalid-request', members: { errors: [{ pointer }] } })
  })
})

describe('what is far too much', () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, index): [string, number] => [`field-${index}`, 0])
  const said = (value: object) => {
    const { members } = faultsOf(value) as { members: { errors: { detail: string; pointer: string }[] } }
    return members.errors
  }

  test.each([
    ['of characters that cannot be stored', { ['k'.repeat(100_000)]: Array<string>(1_000).fill('\0') }],
    ['of parts that lack everything', { name: 'W', parts: Array<object>(31).fill({}) }],
    ['of fields in a part', { name: 'W', main: Object.fromEntries(names(100)) }],
  ])('%s is told as far as a person reads', (_, value) => {
    const errors = said(value)

    expect(errors).toHaveLength(20)
    expect(Math.max(...errors.map(({ pointer }) => pointer.length))).toBeLessThanOrEqual(201)
  })

  test('of parts is not looked at beyond the first that is too many', () => {
    const parts = Array<object>(100_000).fill({ size: 1 })
    parts[31] = { size: 'no number' }

    expect(said({ name: 'W', parts })).toEqual([
      { detail: 'parts must contain no more than 30 elements', pointer: '#/parts' },
    ])
  })

  test('of fields is not looked at', () => {
    expect(said({ name: 'W', size: 1, main: Object.fromEntries(names(101)) })).toContainEqual({
      detail: 'has too many fields',
      pointer: '#/main',
    })
  })
})
