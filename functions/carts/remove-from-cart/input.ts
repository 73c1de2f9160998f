import { Matches } from 'class-validator'

export class RemoveFromCart {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
}
