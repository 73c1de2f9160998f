import { IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator'

class Check {
  @IsIn(['up', 'down']) status!: string
  /** How long it took to tell. */
  @IsInt() milliseconds!: number
  /** What went wrong. */
  @IsOptional() @IsString() error?: string
}

class Checks {
  static readonly nested = { postgres: Check, redis: Check, broker: Check }

  @ValidateNested() postgres!: Check
  @ValidateNested() redis!: Check
  @ValidateNested() broker!: Check
}

export class Health {
  static readonly nested = { checks: Checks }

  @IsIn(['up', 'degraded', 'down']) status!: string
  /** For staff only. */
  @IsOptional() @ValidateNested() checks?: Checks
}

export const replies = { 200: Health, 503: Health }
