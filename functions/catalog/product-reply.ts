import { IsInt, IsNumber, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator'
import { IsSku } from '#runtime/sku'

/** The JSON of a product, for the API's documents and for the tests that hold answers against them. */
export class ShownProduct {
  @IsSku() sku!: string
  @IsString() @Length(1, 200) name!: string
  @IsString() @Length(0, 5000) description!: string
  @IsString() @Length(1, 100) category!: string
  /** What it costs now, in minor units: today's discount is taken off. */
  @IsInt() @Min(0) price!: number
  /** Without a discount. */
  @IsInt() @Min(0) listPrice!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsInt() @Min(0) available!: number
  /** The average of its reviews, to a tenth; absent while there are none, as is their number. */
  @IsOptional() @IsNumber() @Min(1) @Max(5) rating?: number
  @IsOptional() @IsInt() @Min(1) reviews?: number
}
