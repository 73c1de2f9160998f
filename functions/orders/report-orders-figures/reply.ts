import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator'
import { STATUSES } from '../order'

class Quantity {
  @IsString() sku!: string
  @IsInt() quantity!: number
}

class OrderFigures {
  static readonly nested = { lines: Quantity, returned: Quantity }

  @IsString() orderId!: string
  @IsIn(STATUSES) status!: string
  @IsString() currency!: string
  @IsBoolean() paid!: boolean
  /** Minor units. */
  @IsInt() kept!: number
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

export class OrdersFigures {
  static readonly nested = { items: OrderFigures, violations: Violation }

  @IsOptional() @IsArray() @ValidateNested({ each: true }) items?: OrderFigures[]
  /** Whether there are no more behind these. */
  @IsOptional() @IsBoolean() last?: boolean
  @IsOptional() @IsArray() @ValidateNested({ each: true }) violations?: Violation[]
}

export const replies = { 200: OrdersFigures }
