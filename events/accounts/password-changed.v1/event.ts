import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsISO8601() changedAt!: string
}

/** An account has another password, and every session that was open with the old one is closed. */
export const PasswordChanged = defineEvent('accounts/password-changed.v1', Data, {
  subject: (data) => data.accountId,
  unheard: 'for whoever watches accounts: the sessions are closed by the same commit',
})
export type PasswordChanged = DataOf<typeof PasswordChanged>
