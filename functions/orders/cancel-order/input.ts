import { IsString, Length } from 'class-validator'

export class CancelOrder {
  @IsString() @Length(1, 64) id!: string
  /** In the words of who cancels it; its customer reads it. */
  @IsString() @Length(1, 500) reason!: string
}
