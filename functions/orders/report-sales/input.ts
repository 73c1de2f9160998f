import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator'
import { MOMENT } from '../moment'

export const GROUPINGS = ['day', 'product', 'status'] as const

export type Grouping = (typeof GROUPINGS)[number]

export class ReportSales {
  /** Of orders placed at or after this moment. */
  @IsOptional() @Matches(MOMENT) @IsISO8601({ strict: true }) from?: string
  /** Of orders placed before this moment. */
  @IsOptional() @Matches(MOMENT) @IsISO8601({ strict: true }) until?: string
  /** What each row sums up; by day (UTC) when it is left out. */
  @IsOptional() @IsIn(GROUPINGS) by?: Grouping
}
