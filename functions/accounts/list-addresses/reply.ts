import { IsArray, IsInt, ValidateNested } from 'class-validator'
import { KeptAddress } from '../address-reply'

export class AddressPage {
  static readonly nested = { items: KeptAddress }

  @IsArray() @ValidateNested({ each: true }) items!: KeptAddress[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: AddressPage }
