import { ShownReview } from '../review-reply'

export const replies = { 201: ShownReview }
