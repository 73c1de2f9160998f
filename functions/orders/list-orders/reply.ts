import { IsArray, IsInt, ValidateNested } from 'class-validator'
import { ShownOrder } from '../order-reply'

export class OrderPage {
  static readonly nested = { items: ShownOrder }

  @IsArray() @ValidateNested({ each: true }) items!: ShownOrder[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: OrderPage }
