import { IsString, Length } from 'class-validator'

export class ViewProduct {
  @IsString() @Length(1, 64) sku!: string
}
