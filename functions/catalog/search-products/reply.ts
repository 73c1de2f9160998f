import { IsArray, IsInt, ValidateNested } from 'class-validator'
import { ShownProduct } from '../product-reply'

export class ProductPage {
  static readonly nested = { items: ShownProduct }

  @IsArray() @ValidateNested({ each: true }) items!: ShownProduct[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: ProductPage }
