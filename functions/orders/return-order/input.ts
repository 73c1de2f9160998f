import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator'
import { IsSku } from '#runtime/sku'

export class ReturnedLine {
  @IsSku() sku!: string
  @IsInt() @Min(1) @Max(100_000) quantity!: number
}

export class ReturnOrder {
  static readonly nested = { lines: ReturnedLine }

  @IsString() @Length(1, 64) id!: string
  /** Left out, everything comes back that has not come back yet. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  lines?: ReturnedLine[]
  @IsOptional() @IsString() @Length(1, 500) reason?: string
}
