import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, IsString, Length } from 'class-validator'
import { IsMoment } from '#runtime/moment'

export class ReplayEvents {
  @IsMoment() from!: string
  /** The moment itself is not in it. */
  @IsMoment() until!: string
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
