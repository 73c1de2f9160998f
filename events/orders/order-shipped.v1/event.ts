import {
  ArrayMinSize,
  IsArray,
  IsISO8601,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Min,
  ValidateNested,
} from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Line {
  @IsSku() sku!: string
  @IsInt() @Min(1) quantity!: number
}

class Data {
  static readonly nested = { lines: Line }

  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  @IsArray() @ArrayMinSize(1) @ValidateNested({ each: true }) lines!: Line[]
  @IsOptional() @IsString() @Length(1, 100) carrier?: string
  @IsOptional() @IsString() @Length(1, 100) trackingNumber?: string
  @IsISO8601() shippedAt!: string
}

/** What was bought has left the warehouse. */
export const OrderShipped = defineEvent('orders/order-shipped.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderShipped = DataOf<typeof OrderShipped>
