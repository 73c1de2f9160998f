import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator'

export class ReviewProduct {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
  /** One to five stars. */
  @IsInt() @Min(1) @Max(5) rating!: number
  @IsOptional() @IsString() @Length(1, 5000) @Matches(/\S/) text?: string
}
