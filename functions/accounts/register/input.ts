import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH, VISIBLE } from '../account'

export class Register {
  static readonly secrets = ['password']

  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
  @IsString() @Length(8, 200) password!: string
  @IsString() @Length(1, 200) @Matches(VISIBLE) name!: string
}
