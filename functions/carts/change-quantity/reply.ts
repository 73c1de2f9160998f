import { ShownCart } from '../cart-reply'

export const replies = { 200: ShownCart }
