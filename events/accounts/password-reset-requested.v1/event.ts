import { IsEmail, IsString, Length, Matches } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsEmail() email!: string
  @IsString() @Length(1, 200) name!: string
  /** Sent by mail and worthless ten minutes after the request; it is stored hashed where it is checked. */
  @Matches(/^\d{6}$/) code!: string
}

/** Somebody asked to choose another password; who reads the account's mail can. */
export const PasswordResetRequested = defineEvent('accounts/password-reset-requested.v1', Data, {
  subject: (data) => data.accountId,
})
export type PasswordResetRequested = DataOf<typeof PasswordResetRequested>
