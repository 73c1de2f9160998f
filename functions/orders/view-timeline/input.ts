import { IsString, Length } from 'class-validator'

export class ViewTimeline {
  @IsString() @Length(1, 64) id!: string
}
