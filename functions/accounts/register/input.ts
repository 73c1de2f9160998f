import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class Register {
  static readonly secrets = ['password']

  @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email!: string
  @IsString() @Length(8, 200) password!: string
  /** Something visible, and nothing that a mail's header or a terminal would obey. */
  @IsString() @Length(1, 200) @Matches(/^\p{Zs}*[^\s\p{Cc}]\P{Cc}*$/u) name!: string
}
