import {
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator'
import { STATUSES } from './order'

/** The JSON of an order, for the API's documents and for the tests that hold answers against them. */
class Line {
  @IsString() sku!: string
  @IsString() name!: string
  @IsInt() quantity!: number
  /** Minor units, fixed at the moment of ordering. */
  @IsInt() unitPrice!: number
  /** How many have come back; absent while none has. */
  @IsOptional() @IsInt() returned?: number
}

class ShippingAddress {
  @IsString() name!: string
  @IsString() line1!: string
  @IsOptional() @IsString() line2?: string
  @IsString() city!: string
  @IsOptional() @IsString() region?: string
  @IsString() postalCode!: string
  @IsString() country!: string
}

class Payment {
  @IsIn(['none', 'awaited', 'captured', 'declined', 'partly-refunded', 'refunded']) status!: string
  /** Why the last try was declined. */
  @IsOptional() @IsString() reason?: string
}

export class ShownOrder {
  static readonly nested = { lines: Line, shippingAddress: ShippingAddress, payment: Payment }

  @IsString() orderId!: string
  @IsIn(STATUSES) status!: string
  @IsArray() @ValidateNested({ each: true }) lines!: Line[]
  /** Minor units. */
  @IsInt() total!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsISO8601() placedAt!: string
  @IsDefined() @ValidateNested() shippingAddress!: ShippingAddress
  @IsDefined() @ValidateNested() payment!: Payment
}
