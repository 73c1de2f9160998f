import { IsArray, IsBoolean, IsInt, IsString, ValidateNested } from 'class-validator'

/** Money in minor units. */
class PaymentOfOrder {
  @IsString() orderId!: string
  @IsString() currency!: string
  @IsInt() captured!: number
  @IsInt() refunded!: number
  /** The sums of the captures and refunds themselves. */
  @IsInt() captures!: number
  @IsInt() refunds!: number
  @IsBoolean() settled!: boolean
}

export class PaymentsFigures {
  static readonly nested = { items: PaymentOfOrder }

  @IsArray() @ValidateNested({ each: true }) items!: PaymentOfOrder[]
  /** False when there are more in the range. */
  @IsBoolean() complete!: boolean
}

export const replies = { 200: PaymentsFigures }
