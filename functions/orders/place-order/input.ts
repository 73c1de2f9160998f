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

export class Line {
  @IsSku() sku!: string
  @IsInt() @Min(1) @Max(100_000) quantity!: number
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
