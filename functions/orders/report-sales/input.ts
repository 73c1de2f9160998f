import { IsIn, IsOptional } from 'class-validator'
import { IsMomentOrDay } from '#runtime/moment'

export const GROUPINGS = ['day', 'product', 'status'] as const

export type Grouping = (typeof GROUPINGS)[number]

export class ReportSales {
  /** Of orders placed at or after this moment. */
  @IsOptional() @IsMomentOrDay() from?: string
  /** Of orders placed before this moment. */
  @IsOptional() @IsMomentOrDay() until?: string
  /** What each row sums up; by day (UTC) when it is left out. */
  @IsOptional() @IsIn(GROUPINGS) by?: Grouping
}
