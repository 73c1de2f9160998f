import { IsEmail, Matches, MaxLength } from 'class-validator'
import { EMAIL_RULES, LONGEST_EMAIL } from '../email'

export class VerifyEmail {
  @IsEmail(EMAIL_RULES) @MaxLength(LONGEST_EMAIL) email!: string
  @Matches(/^[0-9]{6}$/) code!: string
}
