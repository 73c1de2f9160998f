import { IsIn, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator'
import { MOMENT } from '../moment'
import { STATUSES } from '../order'

export class ListOrders {
  static readonly integers = ['page', 'pageSize']

  @IsOptional() @IsIn(STATUSES) status?: string
  /** Placed at or after this moment. */
  @IsOptional() @Matches(MOMENT) @IsISO8601({ strict: true }) from?: string
  /** Placed before this moment. */
  @IsOptional() @Matches(MOMENT) @IsISO8601({ strict: true }) until?: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
