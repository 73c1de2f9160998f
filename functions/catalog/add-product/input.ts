import {
  IsInt,
  IsISO4217CurrencyCode,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator'
import { IsSku } from '#runtime/sku'

export class AddProduct {
  @IsSku() sku!: string
  @IsString() @Length(1, 200) @Matches(/\S/) name!: string
  @IsOptional() @IsString() @Length(0, 5000) description?: string
  /** By its name or slug; one that nobody added is made. */
  @IsString() @Length(1, 100) @Matches(/\S/) category!: string
  /** Minor units: 1250 is 12.50. */
  @IsInt() @Min(0) @Max(100_000_000) price!: number
  @IsISO4217CurrencyCode() @Matches(/^[A-Z]{3}$/) currency!: string
}
