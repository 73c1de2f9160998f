import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator'
import type { Model } from './event'
import { requestProblem } from './problem'

/** One thing wrong with an input: what, and where as a JSON pointer (RFC 9457, section 3, the example of `errors`). */
export interface Fault {
  detail: string
  pointer: string
}

/** `strict` refuses unknown fields (requests); `tolerant` drops them (events, which may be newer than we are). */
export type Mode = 'strict' | 'tolerant'

/**
 * Turns the unknown into an instance of a class, or throws 422 with every fault found.
 *
 * class-validator looks validators up by an object's constructor, so nested instances are made here from
 * `Model.nested`, and a key that would shadow the constructor is a fault. NUL characters, lone surrogates
 * and numbers beyond 2^53 are refused for every field: Postgres cannot store them.
 */
export function parse<T extends object>(Class: Model<T>, value: unknown, mode: Mode): T {
  if (!isObject(value)) throw invalid([{ detail: 'must be an object', pointer: '#' }])
  const hopeless = unstorable(value, '#')
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

export const invalid = (errors: Fault[]) => requestProblem('invalid-request', { errors })

const SHADOWS = new Set(['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'])

function build(Class: Model, value: object, mode: Mode, pointer: string, faults: Fault[]): object {
  const instance = new Class() as Record<string, unknown>
  for (const [key, field] of Object.entries(value)) {
    const at = `${pointer}/${escaped(key)}`
    if (SHADOWS.has(key)) {
      if (mode === 'strict') faults.push({ detail: UNKNOWN_FIELD, pointer: at })
      continue
    }
    const Nested = Class.nested?.[key]
    if (!Nested) instance[key] = field
    else if (Array.isArray(field) && isList(Class, key)) {
      instance[key] = field.map((item, index) => buildPart(Nested, item, mode, `${at}/${index}`, faults))
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
  getMetadataStorage()
    .getTargetValidationMetadatas(Class, '', false, false)
    .some(({ type, propertyName, each }) => type === 'nestedValidation' && propertyName === key && each)

/** With the `u` flag a surrogate is one that stands alone. */
const UNSTORABLE = /[\0\p{Surrogate}]/u

/** Deeper than any input of ours, shallower than the stack. */
const DEPTH = 16

function unstorable(value: unknown, pointer: string, depth = 0): Fault[] {
  if (depth > DEPTH) return [{ detail: 'is nested too deeply', pointer }]
  if (typeof value === 'string' && UNSTORABLE.test(value)) {
    return [{ detail: 'must not contain the NUL character or half a surrogate pair', pointer }]
  }
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return [{ detail: 'is too large', pointer }]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const at = `${pointer}/${escaped(key)}`
    return [...unstorable(key, at), ...unstorable(item, at, depth + 1)]
  })
}

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

/** RFC 6901, section 3. */
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('\0', '\\0')

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
