import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsISO8601() verifiedAt!: string
}

/** The address of an account has been proved. */
export const AccountVerified = defineEvent('accounts/account-verified.v1', Data, {
  subject: (data) => data.accountId,
  unheard: 'for whoever greets new customers; nothing in the shop depends on it',
})
export type AccountVerified = DataOf<typeof AccountVerified>
