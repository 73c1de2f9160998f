import { IsISO8601 } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  /** When the discount begins or ends, whichever is next. */
  @IsISO8601() dueAt!: string
}

/** A discount begins or ends before a timer looks at the clock again: somebody has to look earlier. */
export const DiscountDue = defineEvent('catalog/discount-due.v1', Data, { subject: (data) => data.sku })
export type DiscountDue = DataOf<typeof DiscountDue>
