import { IsInt, IsOptional, Max, Min } from 'class-validator'

export class ListCategories {
  static readonly integers = ['page', 'pageSize']

  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
