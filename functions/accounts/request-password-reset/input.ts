import { IsEmail, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class RequestPasswordReset {
  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
}
