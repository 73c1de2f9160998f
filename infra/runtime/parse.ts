import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator'
import type { Model } from './event'
import { requestProblem } from './problem'
import { escaped, unstorable } from './unstorable'

/** One thing wrong with an input: what, and where as a JSON pointer (RFC 9457, section 3, the example of `errors`). */
export interface Fault {
  detail: string
  pointer: string
}

/** `strict` refuses unknown fields (requests); `tolerant` drops them (events, which may be newer than we are). */
type Mode = 'strict' | 'tolerant'

/**
 * Turns the unknown into an instance of a class, or throws 422 with the faults found, as far as a person would read them.
 *
 * class-validator looks validators up by an object's constructor, so nested instances are made here from
 * `Model.nested`, and a key that would shadow the constructor is a fault. What is too much to be a request (fields by the
 * hundred, a list longer than it may be) is not looked at further: a small body could ask for seconds of work otherwise.
 */
export function parse<T extends object>(Class: Model<T>, value: unknown, mode: Mode): T {
  if (!isObject(value)) throw invalid([{ detail: 'must be an object', pointer: '#' }])
  const hopeless = unstorable(value, MOST_FAULTS)
  if (hopeless.length > 0) throw invalid(hopeless)
  const shadows: Fault[] = []
  const instance = build(Class, value, mode, '#', shadows) as T
  const faults = onePerPlace([...shadows, ...brokenRules(Class, instance, mode)])
  if (faults.length > 0) throw invalid(faults)
  leaveOutNulls(Class, instance)
  return instance
}

/** `IsOptional` lets null pass, and no handler knows null: it is what is left out. */
function leaveOutNulls(Class: Model, instance: object): void {
  for (const [key, field] of Object.entries(instance)) {
    if (field === null) Reflect.deleteProperty(instance, key)
    const Nested = Class.nested?.[key]
    if (Nested) for (const part of [field].flat()) if (isObject(part)) leaveOutNulls(Nested, part)
  }
}

function brokenRules(Class: Model, instance: object, mode: Mode): Fault[] {
  if (!hasRules(Class)) {
    const keys = mode === 'strict' ? Object.keys(instance) : []
    return keys.map((key) => ({ detail: UNKNOWN_FIELD, pointer: `#/${escaped(key)}` }))
  }
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: mode === 'strict',
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  })
  return errors.flatMap((error) => faultsOf(error, '#'))
}

/** class-validator takes a class without a rule for an unknown value; here it is a request without fields. */
const hasRules = (Class: Model): boolean =>
  getMetadataStorage().getTargetValidationMetadatas(Class, '', false, false).length > 0

const UNKNOWN_FIELD = 'is not a field of this request'

/** More than a person mends at a time, and a pointer longer than any of ours: an answer does not grow with its request. */
const [MOST_FAULTS, MOST_CHARACTERS] = [20, 200]

/** More fields than any request of ours has. */
const MOST_FIELDS = 100

export const invalid = (faults: Fault[]) => {
  const errors = faults.slice(0, MOST_FAULTS).map(({ detail, pointer }) => ({
    detail,
    pointer: pointer.length > MOST_CHARACTERS ? `${pointer.slice(0, MOST_CHARACTERS)}…` : pointer,
  }))
  return requestProblem('invalid-request', { errors })
}

const SHADOWS = new Set(['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'])

function build(Class: Model, value: object, mode: Mode, pointer: string, faults: Fault[]): object {
  const instance = new Class() as Record<string, unknown>
  const fields = Object.entries(value)
  if (mode === 'strict' && fields.length > MOST_FIELDS) {
    faults.push({ detail: 'has too many fields', pointer })
    return instance
  }
  for (const [key, field] of fields) {
    const at = `${pointer}/${escaped(key)}`
    if (SHADOWS.has(key)) {
      if (mode === 'strict') faults.push({ detail: UNKNOWN_FIELD, pointer: at })
      continue
    }
    const Nested = Class.nested?.[key]
    if (!Nested) instance[key] = field
    else if (Array.isArray(field) && isList(Class, key)) {
      const looked = field.slice(0, longestOf(Class, key) + 1)
      instance[key] = looked.map((item, index) => buildPart(Nested, item, mode, `${at}/${index}`, faults))
    } else instance[key] = buildPart(Nested, field, mode, at, faults)
  }
  return instance
}

/** For class-validator a list is as good as the one object that `ValidateNested` asks for, and one without items is valid. */
function buildPart(Class: Model, part: unknown, mode: Mode, pointer: string, faults: Fault[]): unknown {
  if (isObject(part)) return build(Class, part, mode, pointer, faults)
  if (!Array.isArray(part)) return part
  faults.push({ detail: 'must be an object', pointer })
  return undefined
}

const isList = (Class: Model, key: string): boolean =>
  rulesOf(Class, key).some(({ type, each }) => type === 'nestedValidation' && each)

/** By its `ArrayMaxSize`: one item more is as wrong as a hundred thousand. */
function longestOf(Class: Model, key: string): number {
  const limit = rulesOf(Class, key).find(({ name }) => name === 'arrayMaxSize')
  return (limit?.constraints as [number] | undefined)?.[0] ?? Infinity
}

const rulesOf = (Class: Model, key: string) =>
  getMetadataStorage()
    .getTargetValidationMetadatas(Class, '', false, false)
    .filter(({ propertyName }) => propertyName === key)

/** Of several things wrong with one field the first-named rule is told: that it is no number, not that it is too great. */
function faultsOf(error: ValidationError, parent: string): Fault[] {
  const pointer = `${parent}/${escaped(error.property)}`
  const own = Object.values(error.constraints ?? {})
    .slice(-1)
    .map((detail) => ({
      detail: detail.replace(/^property \S+ should not exist$/, UNKNOWN_FIELD),
      pointer,
    }))
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, pointer))]
}

/** What was said first of a place; the rules would say of what is no object that it is not there. */
function onePerPlace(faults: Fault[]): Fault[] {
  const places = new Set<string>()
  return faults.filter(({ pointer }) => !places.has(pointer) && places.add(pointer))
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
