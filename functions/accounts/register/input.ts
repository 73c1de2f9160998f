import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator'
import { EMAIL_RULES, LONGEST_EMAIL } from '../email'
import { VISIBLE } from '../text'

export class Register {
  static readonly secrets = ['password']

  @IsEmail(EMAIL_RULES) @MaxLength(LONGEST_EMAIL) email!: string
  @IsString() @Length(8, 200) password!: string
  @IsString() @Length(1, 200) @Matches(VISIBLE) name!: string
}
