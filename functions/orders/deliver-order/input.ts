import { IsString, Length } from 'class-validator'

export class DeliverOrder {
  @IsString() @Length(1, 64) id!: string
}
