import { IsIn, IsString } from 'class-validator'

export class DeliveredOrder {
  @IsString() orderId!: string
  @IsIn(['delivered']) status!: string
}

export const replies = { 202: DeliveredOrder }
