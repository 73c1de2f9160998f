import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'

export class ListReviews {
  static readonly integers = ['page', 'pageSize']

  @IsString() @Length(1, 64) sku!: string
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
