import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator'
import { EMAIL_RULES, LONGEST_EMAIL } from '../email'

export class ResetPassword {
  static readonly secrets = ['password']

  @IsEmail(EMAIL_RULES) @MaxLength(LONGEST_EMAIL) email!: string
  @Matches(/^[0-9]{6}$/) code!: string
  /** The new one. */
  @IsString() @Length(8, 200) password!: string
}
