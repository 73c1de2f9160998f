import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'

export const SORTS = ['relevance', 'name', 'price', '-price', 'newest'] as const
export type Sort = (typeof SORTS)[number]

export class SearchProducts {
  static readonly integers = ['minPrice', 'maxPrice', 'page', 'pageSize']

  /** Words of the name, the description, the category or the SKU; all must be found. */
  @IsOptional() @IsString() @Length(0, 200) q?: string
  /** By name or slug; the categories below it are searched too. */
  @IsOptional() @IsString() @Length(0, 100) category?: string
  /** Minor units, inclusive, as is maxPrice. */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000_000) minPrice?: number
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000_000) maxPrice?: number
  /** Left out, it is relevance when there is a q, else name. */
  @IsOptional() @IsIn(SORTS) sort?: Sort
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) page?: number
  @IsOptional() @IsInt() @Min(1) @Max(100) pageSize?: number
}
