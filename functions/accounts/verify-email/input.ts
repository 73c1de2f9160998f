import { IsEmail, Matches, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class VerifyEmail {
  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
  @Matches(/^[0-9]{6}$/) code!: string
}
