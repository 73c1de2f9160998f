import { IsISO8601, IsString, Length, Matches } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  /** Which of the things that always hold does not. */
  @Matches(/^[a-z]+(-[a-z]+)*$/) invariant!: string
  /** Where: an order, an item, a domain. */
  @IsString() @Length(1, 200) about!: string
  @IsString() @Length(1, 1_000) expected!: string
  @IsString() @Length(1, 1_000) actual!: string
  /** When it was seen first as it is now. */
  @IsISO8601() since!: string
  @IsISO8601() reportedAt!: string
}

/** Something that always holds did not when it was looked at, twice. It is told once until it changes. */
export const InvariantViolated = defineEvent('platform/invariant-violated.v1', Data, {
  subject: (violation) => violation.about,
  unheard: 'for whoever is on duty: a person has to look',
})
export type InvariantViolated = DataOf<typeof InvariantViolated>
