import { IsIn, IsInt, IsString } from 'class-validator'

/** The tokens of a session (as in RFC 6749, section 5.1). */
export class OpenedSession {
  @IsString() accessToken!: string
  @IsString() refreshToken!: string
  @IsIn(['Bearer']) tokenType!: string
  /** Seconds until the access token ends. */
  @IsInt() expiresIn!: number
}
