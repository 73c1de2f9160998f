import { IsInt, Matches, Max, Min } from 'class-validator'

export class AddToCart {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
  @IsInt() @Min(1) @Max(100_000) quantity!: number
}
