import { IsEmail, IsIn, IsInt, IsOptional, Max, MaxLength, Min } from 'class-validator'
import { ADDRESS, ADDRESS_LENGTH } from '../account'

export class ListAccounts {
  static readonly integers = ['page', 'pageSize']

  @IsOptional() @IsIn(['customer', 'staff', 'admin']) role?: string
  @IsOptional() @IsEmail(ADDRESS) @MaxLength(ADDRESS_LENGTH) email?: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
