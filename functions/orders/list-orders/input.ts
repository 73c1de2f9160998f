import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator'
import { IsMomentOrDay } from '#runtime/moment'
import { STATUSES } from '../order'

export class ListOrders {
  static readonly integers = ['page', 'pageSize']

  @IsOptional() @IsIn(STATUSES) status?: string
  /** Placed at or after this moment. */
  @IsOptional() @IsMomentOrDay() from?: string
  /** Placed before this moment. */
  @IsOptional() @IsMomentOrDay() until?: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
