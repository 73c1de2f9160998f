import { ShownOrder } from '../order-reply'

export const replies = { 200: ShownOrder }
