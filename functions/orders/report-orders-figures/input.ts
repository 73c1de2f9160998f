import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'
import { IsMoment } from '#runtime/moment'

/** Which orders: the first `limit` behind `after`. What changed at `settledBefore` or later may be on its way still. */
export class ReportOrdersFigures {
  static readonly integers = ['limit']

  @IsOptional() @IsString() @Length(1, 64) after?: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000) limit?: number
  @IsOptional() @IsMoment() settledBefore?: string
}
