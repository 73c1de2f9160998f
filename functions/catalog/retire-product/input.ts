import { IsSku } from '#runtime/sku'

export class RetireProduct {
  @IsSku() sku!: string
}
