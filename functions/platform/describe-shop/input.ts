import { IsOptional, IsString, Length } from 'class-validator'

export class DescribeShop {
  @IsOptional() @IsString() @Length(1, 64) domain?: string
  /** With its version: `order-placed.v1`. */
  @IsOptional() @IsString() @Length(1, 64) event?: string
}
