import { IsIn, IsInt, Matches, IsUUID } from 'class-validator'

/** The order as it begins: what becomes of it is seen at its address. */
export class PlacedOrder {
  @IsUUID() orderId!: string
  @IsIn(['pending']) status!: string
  /** Minor units. */
  @IsInt() total!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
}

export const replies = { 201: PlacedOrder }
