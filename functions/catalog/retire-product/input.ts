import { Matches } from 'class-validator'

export class RetireProduct {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
}
