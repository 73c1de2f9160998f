import { ShownProduct } from '../product-reply'

export const replies = { 201: ShownProduct }
