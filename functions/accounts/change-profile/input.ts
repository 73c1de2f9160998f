import { IsString, Length, Matches } from 'class-validator'
import { VISIBLE } from '../text'

export class ChangeProfile {
  @IsString() @Length(1, 200) @Matches(VISIBLE) name!: string
}
