import { IsArray, IsInt, ValidateNested } from 'class-validator'
import { ShownProfile } from '../profile-reply'

export class AccountPage {
  static readonly nested = { items: ShownProfile }

  @IsArray() @ValidateNested({ each: true }) items!: ShownProfile[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: AccountPage }
