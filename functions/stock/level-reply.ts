import { IsInt, IsString } from 'class-validator'

/** The JSON of a level, for the API's documents. */
export class ShownLevel {
  @IsString() sku!: string
  @IsInt() onHand!: number
  /** Promised to orders. */
  @IsInt() reserved!: number
  /** On hand and promised to nobody. */
  @IsInt() available!: number
}
