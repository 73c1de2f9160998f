import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) pingId!: string
  @IsISO8601() sentAt!: string
}

/** Somebody wants to know whether events arrive, and waits for an answer to this one. It is no fact, and may be lost. */
export const PingSent = defineEvent('platform/ping-sent.v1', Data, { subject: (data) => data.pingId })
export type PingSent = DataOf<typeof PingSent>
