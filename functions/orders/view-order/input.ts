import { IsString, Length } from 'class-validator'

export class ViewOrder {
  @IsString() @Length(1, 64) id!: string
}
