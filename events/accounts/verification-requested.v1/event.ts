import { IsEmail, IsISO8601, IsString, Length, Matches } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsEmail() email!: string
  @IsString() @Length(1, 200) name!: string
  /** Sent by mail and worthless after `expiresAt`; it is stored hashed where it is checked. */
  @Matches(/^\d{6}$/) code!: string
  @IsISO8601() expiresAt!: string
}

/** A person must prove that a mail address is theirs. */
export const VerificationRequested = defineEvent('accounts/verification-requested.v1', Data, {
  subject: (data) => data.accountId,
})
export type VerificationRequested = DataOf<typeof VerificationRequested>
