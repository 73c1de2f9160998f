import { IsString, Length, Matches } from 'class-validator'

export class PayOrder {
  @IsString() @Length(1, 64) id!: string
  @Matches(/^[\w-]{1,64}$/) paymentMethod!: string
}
