import { IsString, Length } from 'class-validator'

export class RefreshSession {
  /** Any that could be one: what is none is refused like one that was never given out. */
  @IsString() @Length(1, 200) refreshToken!: string
}
