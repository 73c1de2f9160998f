import { IsArray, IsIn, IsInt, IsString, IsUUID, Matches, ValidateNested } from 'class-validator'

class Line {
  @IsString() sku!: string
  @IsInt() quantity!: number
}

export class OrderReturn {
  static readonly nested = { lines: Line }

  @IsUUID() returnId!: string
  @IsString() orderId!: string
  /** `delivered` until everything is back. */
  @IsIn(['delivered', 'returned']) status!: string
  /** What came back this time. */
  @IsArray() @ValidateNested({ each: true }) lines!: Line[]
  /** What goes back for it, in minor units. */
  @IsInt() refund!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
}

export const replies = { 202: OrderReturn }
