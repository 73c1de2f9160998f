import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator'
import { IsSku } from '#runtime/sku'

export class ReviewProduct {
  @IsSku() sku!: string
  /** One to five stars. */
  @IsInt() @Min(1) @Max(5) rating!: number
  @IsOptional() @IsString() @Length(1, 5000) @Matches(/\S/) text?: string
}
