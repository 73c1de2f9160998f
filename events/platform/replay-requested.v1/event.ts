import { ArrayMinSize, IsArray, IsISO8601, IsString, Length, Matches } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) replayId!: string
  @IsISO8601() from!: string
  @IsISO8601() until!: string
  /** CloudEvents types. */
  @IsArray() @ArrayMinSize(1) @IsString({ each: true }) types!: string[]
  /** The Service that is to have these events again. */
  @Matches(/^[a-z][a-z0-9-]{0,62}$/) destination!: string
  @IsISO8601() requestedAt!: string
}

/** Somebody wants one function to have events again that happened in a time. Each domain brings its own. */
export const ReplayRequested = defineEvent('platform/replay-requested.v1', Data, {
  subject: (replay) => replay.replayId,
})
export type ReplayRequested = DataOf<typeof ReplayRequested>
