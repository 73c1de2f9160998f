import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'
import { DEAD_LETTER_STATES } from '../dead-letter'

export class ListDeadLetters {
  static readonly integers = ['page', 'pageSize']

  /** The CloudEvents type. */
  @IsOptional() @IsString() @Length(1, 255) type?: string
  @IsOptional() @IsIn(DEAD_LETTER_STATES) state?: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
