import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsISO8601() deliveredAt!: string
}

/** A carrier outside has handed over an order's parcel. */
export const ParcelDelivered = defineEvent('platform/parcel-delivered.v1', Data, {
  subject: (data) => data.orderId,
})
export type ParcelDelivered = DataOf<typeof ParcelDelivered>
