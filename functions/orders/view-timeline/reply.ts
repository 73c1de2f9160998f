import { IsArray, IsIn, IsISO8601, IsObject, IsString, ValidateNested } from 'class-validator'
import { STATUSES } from '../order'

class Step {
  @IsString() step!: string
  @IsIn(STATUSES) status!: string
  @IsISO8601() at!: string
  /** Finds every log line and span of the step. */
  @IsString() traceId!: string
  @IsObject() details!: object
}

export class Timeline {
  static readonly nested = { steps: Step }

  @IsString() orderId!: string
  @IsArray() @ValidateNested({ each: true }) steps!: Step[]
}

export const replies = { 200: Timeline }
