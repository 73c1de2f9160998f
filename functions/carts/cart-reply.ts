import { IsArray, IsInt, IsString, Matches, ValidateNested } from 'class-validator'

/** The JSON of a cart, for the API's documents and for the tests that hold answers against them. */
class Line {
  @IsString() sku!: string
  @IsString() name!: string
  @IsInt() quantity!: number
  /** Minor units, at the prices of now. */
  @IsInt() unitPrice!: number
  @IsInt() lineTotal!: number
}

export class ShownCart {
  static readonly nested = { items: Line }

  @IsArray() @ValidateNested({ each: true }) items!: Line[]
  /** Minor units. */
  @IsInt() total!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** Grows with every change of the cart. */
  @IsInt() version!: number
}
