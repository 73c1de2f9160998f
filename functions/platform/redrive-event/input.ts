import { IsOptional, IsString, Length } from 'class-validator'

/** One letter by its id, or all that wait of a CloudEvents type. */
export class RedriveEvent {
  @IsOptional() @IsString() @Length(1, 64) id?: string
  @IsOptional() @IsString() @Length(1, 255) type?: string
}
