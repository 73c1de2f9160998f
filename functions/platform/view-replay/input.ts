import { IsString, Length } from 'class-validator'

export class ViewReplay {
  @IsString() @Length(1, 64) id!: string
}
