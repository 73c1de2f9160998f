import { ShownProduct } from '../product-reply'

export const replies = { 200: ShownProduct }
