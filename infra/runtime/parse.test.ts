import { IsArray, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator'
import { parse } from './parse'

class Part {
  @IsInt() size!: number
  @IsOptional() @IsString() colour?: string
}

class Whole {
  static readonly nested = { parts: Part, main: Part }

  @IsString() name!: string
  @IsOptional() @IsString() note?: string
  @IsOptional() @IsArray() @ValidateNested({ each: true }) parts?: Part[]
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
