import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class ResetPassword {
  static readonly secrets = ['password']

  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
  @Matches(/^[0-9]{6}$/) code!: string
  /** The new one. */
  @IsString() @Length(8, 200) password!: string
}
