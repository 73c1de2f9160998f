import { IsArray, IsInt, ValidateNested } from 'class-validator'
import { ShownReview } from '../review-reply'

export class ReviewPage {
  static readonly nested = { items: ShownReview }

  @IsArray() @ValidateNested({ each: true }) items!: ShownReview[]
  @IsInt() page!: number
  @IsInt() pageSize!: number
  @IsInt() total!: number
}

export const replies = { 200: ReviewPage }
