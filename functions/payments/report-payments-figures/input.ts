import { IsOptional, IsString, Length } from 'class-validator'
import { IsMoment } from '#runtime/moment'

/** Which orders: those behind `after`, `until` being the last. What changed at `settledBefore` or later may go on still. */
export class ReportPaymentsFigures {
  @IsOptional() @IsString() @Length(1, 64) after?: string
  @IsOptional() @IsString() @Length(1, 64) until?: string
  @IsOptional() @IsMoment() settledBefore?: string
}
