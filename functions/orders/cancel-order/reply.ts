import { IsIn, IsString } from 'class-validator'

/** Its stock is freed and what was paid goes back behind this answer. */
export class CancelledOrder {
  @IsString() orderId!: string
  @IsIn(['cancelled']) status!: string
}

export const replies = { 202: CancelledOrder }
