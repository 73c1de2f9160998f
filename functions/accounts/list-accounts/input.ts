import { IsEmail, IsIn, IsInt, IsOptional, Max, MaxLength, Min } from 'class-validator'
import { EMAIL_RULES, LONGEST_EMAIL } from '../email'

export class ListAccounts {
  static readonly integers = ['page', 'pageSize']

  @IsOptional() @IsIn(['customer', 'staff', 'admin']) role?: string
  @IsOptional() @IsEmail(EMAIL_RULES) @MaxLength(LONGEST_EMAIL) email?: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
