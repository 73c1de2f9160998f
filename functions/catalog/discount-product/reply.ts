import { IsDefined, IsIn, IsInt, IsISO8601, IsOptional, Max, Min, ValidateNested } from 'class-validator'
import { ShownProduct } from '../product-reply'

class ShownDiscount {
  @IsOptional() @IsInt() @Min(1) @Max(100) percentage?: number
  /** Minor units. */
  @IsOptional() @IsInt() @Min(1) amount?: number
  @IsISO8601() from!: string
  @IsISO8601() until!: string
  @IsIn(['awaited', 'running', 'over']) state!: string
}

export class DiscountedProduct extends ShownProduct {
  static readonly nested = { discount: ShownDiscount }

  @IsDefined() @ValidateNested() discount!: ShownDiscount
}

export const replies = { 200: DiscountedProduct }
