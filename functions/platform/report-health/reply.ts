import { IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator'

class Check {
  @IsIn(['up', 'down']) status!: string
  /** How long it took to tell. */
  @IsInt() milliseconds!: number
  /** What went wrong. */
  @IsOptional() @IsString() error?: string
}

class FunctionState {
  @IsString() name!: string
  /** A function at zero is ready. */
  @IsIn(['ready', 'starting', 'failed']) state!: string
  @IsOptional() @IsString() reason?: string
}

class Functions extends Check {
  static readonly nested = { states: FunctionState }

  @IsArray() @ValidateNested({ each: true }) states!: FunctionState[]
}

class Checks {
  static readonly nested = { cache: Check, broker: Check, functions: Functions }

  /** By domain, each as `cache`. */
  @IsObject() databases!: Record<string, Check>
  @ValidateNested() cache!: Check
  /** A ping went out as an event and was answered. */
  @ValidateNested() broker!: Check
  /** Whether the platform tells, and what it tells. */
  @ValidateNested() functions!: Functions
}

export class Health {
  static readonly nested = { checks: Checks }

  @IsIn(['up', 'degraded', 'down']) status!: string
  /** For staff only. */
  @IsOptional() @ValidateNested() checks?: Checks
}

export const replies = { 200: Health, 503: Health }
