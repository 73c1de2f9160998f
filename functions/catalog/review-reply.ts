import { IsInt, IsISO8601, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator'

/** The JSON of a review. Who wrote it is not told to anybody. */
export class ShownReview {
  @IsUUID() reviewId!: string
  @IsInt() @Min(1) @Max(5) rating!: number
  @IsOptional() @IsString() @Length(1, 5000) text?: string
  @IsISO8601() reviewedAt!: string
}
