import { IsEmail, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class ResendVerification {
  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
}
