import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsInt,
  IsISO31661Alpha2,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator'
import { IsSku } from '#runtime/sku'

/** Pieces of one item in one order, over all its lines. With the limit on prices a total stays below 2^53. */
export const MOST_OF_ONE = 100_000

export class Line {
  @IsSku() sku!: string
  /** Lines of one item count together. */
  @IsInt() @Min(1) @Max(MOST_OF_ONE) quantity!: number
}

export class ShippingAddress {
  @IsString() @Length(1, 200) name!: string
  @IsString() @Length(1, 200) line1!: string
  @IsOptional() @IsString() @Length(1, 200) line2?: string
  @IsString() @Length(1, 100) city!: string
  @IsOptional() @IsString() @Length(1, 100) region?: string
  @IsString() @Length(1, 20) postalCode!: string
  @IsISO31661Alpha2() country!: string
}

export class PlaceOrder {
  static readonly nested = { lines: Line, shippingAddress: ShippingAddress }

  /** Left out, what is in the cart is ordered. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(100) @ValidateNested({ each: true }) lines?: Line[]
  /** Minor units, as shown to the customer: 1250 is 12.50. */
  @IsInt() @Min(0) confirmedTotal!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsDefined() @ValidateNested() shippingAddress!: ShippingAddress
  @IsOptional() @Matches(/^[\w-]{1,64}$/) paymentMethod?: string
}
