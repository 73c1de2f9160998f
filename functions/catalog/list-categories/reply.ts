import { IsArray, IsInt, IsOptional, IsString, Min, ValidateNested } from 'class-validator'

class FilledCategory {
  @IsString() slug!: string
  @IsString() name!: string
  /** The slug of the category that it is part of. */
  @IsOptional() @IsString() parent?: string
  /** On sale in it and in the categories below it. */
  @IsInt() @Min(0) products!: number
}

export class CategoryPage {
  static readonly nested = { items: FilledCategory }

  @IsArray() @ValidateNested({ each: true }) items!: FilledCategory[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: CategoryPage }
