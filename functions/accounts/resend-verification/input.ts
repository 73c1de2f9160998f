import { IsEmail, MaxLength } from 'class-validator'
import { EMAIL_RULES, LONGEST_EMAIL } from '../email'

export class ResendVerification {
  @IsEmail(EMAIL_RULES) @MaxLength(LONGEST_EMAIL) email!: string
}
