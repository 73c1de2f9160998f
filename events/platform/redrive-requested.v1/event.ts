import { IsISO8601, Matches } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @Matches(/^[0-9a-f]{64}$/) deadLetterId!: string
  @IsISO8601() requestedAt!: string
}

/** Somebody wants a dead letter to be brought to its function again. */
export const RedriveRequested = defineEvent('platform/redrive-requested.v1', Data, {
  subject: (letter) => letter.deadLetterId,
})
export type RedriveRequested = DataOf<typeof RedriveRequested>
