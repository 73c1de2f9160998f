import { IsOptional, IsString } from 'class-validator'

export class AddedCategory {
  @IsString() slug!: string
  @IsString() name!: string
  /** The slug of the category that it is part of. */
  @IsOptional() @IsString() parent?: string
}

export const replies = { 201: AddedCategory }
