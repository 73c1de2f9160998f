import { IsString, Length } from 'class-validator'

export class ViewPayment {
  @IsString() @Length(1, 64) id!: string
}
