import { IsIn, IsString } from 'class-validator'

/** An order whose carrier was quicker than our note of the shipment is delivered already. */
export class ShippedOrder {
  @IsString() orderId!: string
  @IsIn(['shipped', 'delivered']) status!: string
}

export const replies = { 202: ShippedOrder }
