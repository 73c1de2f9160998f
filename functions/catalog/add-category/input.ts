import { IsOptional, IsString, Length, Matches } from 'class-validator'

export class AddCategory {
  @IsString() @Length(1, 100) @Matches(/\S/) name!: string
  /** Left out, it is made of the name: "Tea & Coffee" is `tea-coffee`. */
  @IsOptional() @IsString() @Length(1, 100) @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/) slug?: string
  /** The slug or the name of the category that this one is part of. */
  @IsOptional() @IsString() @Length(1, 100) parent?: string
}
