import { IsIn, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator'
import { STATUSES } from '../order'

/** A day or a moment (RFC 3339); the many other forms of ISO 8601 mean different things to different readers. */
const MOMENT = /^[1-9]\d{3}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/

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
