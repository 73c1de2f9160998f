import {
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator'
import { DEAD_LETTER_STATES } from '../dead-letter'

class Cause {
  @IsOptional() @IsString() trigger?: string
  @IsOptional() @IsInt() attempts?: number
  @IsOptional() @IsString() destination?: string
  @IsOptional() @IsInt() code?: number
  @IsOptional() @IsString() answer?: string
  @IsOptional() @IsString() traceparent?: string
  /** Of the trace in which the event was announced. */
  @IsOptional() @IsString() traceId?: string
}

class ShownLetter {
  static readonly nested = { cause: Cause }

  @IsString() id!: string
  @IsIn(DEAD_LETTER_STATES) state!: string
  @IsISO8601() buriedAt!: string
  /** How often it was sent again, and when last. */
  @IsInt() redrives!: number
  @IsOptional() @IsISO8601() redrivenAt?: string
  @IsOptional() @IsISO8601() settledAt?: string
  /** The event as it came, in the CloudEvents JSON format. */
  @IsObject() event!: object
  @IsDefined() @ValidateNested() cause!: Cause
}

export class DeadLetterPage {
  static readonly nested = { items: ShownLetter }

  @IsArray() @ValidateNested({ each: true }) items!: ShownLetter[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: DeadLetterPage }
