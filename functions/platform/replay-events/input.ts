import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
} from 'class-validator'

/** RFC 3339; the many other forms of ISO 8601 mean different things to different readers. */
const MOMENT = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
const WHEN = { message: 'must be a moment with its time zone, such as 2026-03-01T10:00:00Z' }

export class ReplayEvents {
  @Matches(MOMENT, WHEN) @IsISO8601({ strict: true }, WHEN) from!: string
  /** The moment itself is not in it. */
  @Matches(MOMENT, WHEN) @IsISO8601({ strict: true }, WHEN) until!: string
  /** CloudEvents types; all that the function hears when left out. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  types?: string[]
  /** The operation that is to have them. */
  @IsString() @Length(1, 63) to!: string
  /** Nothing is sent unless this is false. */
  @IsOptional() @IsBoolean() dryRun?: boolean
}
