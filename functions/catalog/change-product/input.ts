import { IsOptional, IsString, Length, Matches } from 'class-validator'
import { IsSku } from '#runtime/sku'

/** What is left out stays as it is. */
export class ChangeProduct {
  @IsSku() sku!: string
  @IsOptional() @IsString() @Length(1, 200) @Matches(/\S/) name?: string
  @IsOptional() @IsString() @Length(0, 5000) description?: string
  /** By its name or slug; one that nobody added is made. */
  @IsOptional() @IsString() @Length(1, 100) @Matches(/\S/) category?: string
}
