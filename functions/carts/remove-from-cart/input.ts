import { IsSku } from '#runtime/sku'

export class RemoveFromCart {
  @IsSku() sku!: string
}
