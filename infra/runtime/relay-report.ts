import { IsISO8601, IsOptional, IsString, Length } from 'class-validator'
import { ok, type Deps } from './http'
import { countByType, unsentOf } from './outbox-log'
import { replayProgress } from './replays'

/** What another operation wants to know of a domain's outbox. */
export class OutboxQuery {
  @IsOptional() @IsISO8601() from?: string
  @IsOptional() @IsISO8601() until?: string
  /** CloudEvents types with commas between them. */
  @IsOptional() @IsString() @Length(1, 8_000) types?: string
  /** The id of a replay. */
  @IsOptional() @IsString() @Length(1, 64) replay?: string
}

/** Tells what is unsent, how many events a range has, and how far a replay is: the latter two where they are asked for. */
export async function reportOutbox({ from, until, types, replay }: OutboxQuery, { db }: Deps) {
  const { count, oldestAt } = await unsentOf(db)
  const counts =
    from !== undefined && until !== undefined && types !== undefined
      ? await countByType(db, { from, until, types: types.split(',') })
      : undefined
  const progress = replay === undefined ? undefined : await replayProgress(db, replay)
  return ok({
    unsent: count,
    ...(oldestAt && { oldestUnsentAt: oldestAt.toISOString() }),
    ...(counts && { counts }),
    ...(progress && { replay: progress }),
  })
}
