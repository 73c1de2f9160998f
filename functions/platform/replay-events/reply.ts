import { IsArray, IsBoolean, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator'

class Count {
  @IsString() type!: string
  @IsInt() count!: number
}

export class ReplayAnswer {
  static readonly nested = { types: Count }

  /** Not of a dry run. */
  @IsOptional() @IsString() replayId?: string
  @IsString() to!: string
  @IsISO8601() from!: string
  @IsISO8601() until!: string
  @IsBoolean() dryRun!: boolean
  /** How many events of each type there are. */
  @IsArray() @ValidateNested({ each: true }) types!: Count[]
  @IsInt() total!: number
}

export const replies = { 200: ReplayAnswer, 202: ReplayAnswer }
