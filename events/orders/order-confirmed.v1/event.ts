import {
  ArrayMinSize,
  IsArray,
  IsISO8601,
  IsInt,
  IsString,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class OrderedLine {
  @IsSku() sku!: string
  @IsString() @Length(1, 200) name!: string
  @IsInt() @Min(1) quantity!: number
  /** Minor units, fixed at the moment of ordering. */
  @IsInt() @Min(0) unitPrice!: number
}

class Data {
  static readonly nested = { lines: OrderedLine }

  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  @IsArray() @ArrayMinSize(1) @ValidateNested({ each: true }) lines!: OrderedLine[]
  /** Minor units. */
  @IsInt() @Min(0) total!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsISO8601() confirmedAt!: string
}

/** An order is paid. It will be sent. */
export const OrderConfirmed = defineEvent('orders/order-confirmed.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderConfirmed = DataOf<typeof OrderConfirmed>
