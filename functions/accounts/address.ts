import { IsISO31661Alpha2, IsOptional, IsString, Length, Matches } from 'class-validator'
import { VISIBLE } from './text'

/** Where something can be sent. */
export class Address {
  @IsString() @Length(1, 200) @Matches(VISIBLE) name!: string
  @IsString() @Length(1, 200) @Matches(VISIBLE) line1!: string
  @IsOptional() @IsString() @Length(1, 200) @Matches(VISIBLE) line2?: string
  @IsString() @Length(1, 100) @Matches(VISIBLE) city!: string
  @IsOptional() @IsString() @Length(1, 100) @Matches(VISIBLE) region?: string
  @IsString() @Length(1, 20) @Matches(VISIBLE) postalCode!: string
  /** ISO 3166-1 alpha-2. */
  @IsISO31661Alpha2() country!: string
}

/** What an address may be called: it stands in a path. */
export const LABEL = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,39}$/u

/** One label, however a keyboard composes its letters. */
export const labelOf = (label: string): string => label.normalize('NFC')

/** Addresses that one person may keep. */
export const MOST_ADDRESSES = 20
