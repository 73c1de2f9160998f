import { IsArray, IsIn, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator'

class Failure {
  /** Of the event. */
  @IsString() id!: string
  @IsString() type!: string
  @IsOptional() @IsInt() status?: number
  @IsString() answer!: string
}

class Share {
  static readonly nested = { failures: Failure }

  @IsString() domain!: string
  /** Unknown is one that has not heard of it yet, or does not answer. */
  @IsIn(['unknown', 'open', 'done', 'stopped']) state!: string
  @IsInt() total!: number
  @IsInt() sent!: number
  @IsInt() failed!: number
  /** The first events that the function refused. */
  @IsArray() @ValidateNested({ each: true }) failures!: Failure[]
  /** Why it does not get on. */
  @IsOptional() @IsString() lastError?: string
}

export class ShownReplay {
  static readonly nested = { domains: Share }

  @IsString() replayId!: string
  @IsIn(['running', 'done', 'stopped']) state!: string
  @IsString() to!: string
  @IsISO8601() from!: string
  @IsISO8601() until!: string
  @IsArray() @IsString({ each: true }) types!: string[]
  @IsString() requestedBy!: string
  @IsISO8601() requestedAt!: string
  @IsArray() @ValidateNested({ each: true }) domains!: Share[]
}

export const replies = { 200: ShownReplay }
