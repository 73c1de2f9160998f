import { ShownCart } from '../cart-reply'

export const replies = { 201: ShownCart }
