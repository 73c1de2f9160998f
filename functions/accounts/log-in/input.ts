import { IsEmail, IsString, Length, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class LogIn {
  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
  /** Any that could be one: a password shorter than we take is wrong, not invalid. */
  @IsString() @Length(1, 200) password!: string
}
