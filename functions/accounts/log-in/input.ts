import { IsEmail, IsString, Length, MaxLength } from 'class-validator'
import { EMAIL_RULES, LONGEST_EMAIL } from '../email'

export class LogIn {
  @IsEmail(EMAIL_RULES) @MaxLength(LONGEST_EMAIL) email!: string
  /** Any that could be one: a password shorter than we take is wrong, not invalid. */
  @IsString() @Length(1, 200) password!: string
}
