import { IsString, Length } from 'class-validator'

export class ViewStock {
  @IsString() @Length(1, 64) sku!: string
}
