import { IsArray, IsIn, IsInt, IsOptional, IsString, Matches, ValidateNested } from 'class-validator'
import { IsMomentOrDay } from '#runtime/moment'
import { GROUPINGS } from './input'

class Sums {
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** Orders that were paid. */
  @IsInt() orders!: number
  /** Pieces that were paid. */
  @IsInt() quantity!: number
  /** Minor units: what was paid, what of it has gone back, and what remains. */
  @IsInt() gross!: number
  @IsInt() refunded!: number
  @IsInt() net!: number
}

class Row extends Sums {
  /** The day (UTC), the SKU or the status that the row sums up. */
  @IsString() key!: string
}

export class SalesReport {
  static readonly nested = { items: Row, totals: Sums }

  @IsIn(GROUPINGS) by!: string
  /** As it was asked for: a day or a moment. */
  @IsOptional() @IsMomentOrDay() from?: string
  @IsOptional() @IsMomentOrDay() until?: string
  @IsArray() @ValidateNested({ each: true }) items!: Row[]
  /** One for each currency; amounts of two currencies are never added. */
  @IsArray() @ValidateNested({ each: true }) totals!: Sums[]
}

export const replies = { 200: SalesReport }
