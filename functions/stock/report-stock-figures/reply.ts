import { IsArray, IsBoolean, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator'

class Quantity {
  @IsString() sku!: string
  @IsInt() quantity!: number
}

class StockOfOrder {
  static readonly nested = { lines: Quantity, returned: Quantity }

  @IsString() orderId!: string
  @IsOptional() @IsString() state?: string
  @IsArray() @ValidateNested({ each: true }) lines!: Quantity[]
  @IsArray() @ValidateNested({ each: true }) returned!: Quantity[]
  @IsBoolean() settled!: boolean
}

class Violation {
  @IsString() invariant!: string
  @IsString() about!: string
  @IsString() expected!: string
  @IsString() actual!: string
}

export class StockFigures {
  static readonly nested = { items: StockOfOrder, violations: Violation }

  @IsOptional() @IsArray() @ValidateNested({ each: true }) items?: StockOfOrder[]
  /** False when there are more in the range. */
  @IsOptional() @IsBoolean() complete?: boolean
  @IsOptional() @IsArray() @ValidateNested({ each: true }) violations?: Violation[]
}

export const replies = { 200: StockFigures }
