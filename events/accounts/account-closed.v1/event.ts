import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsISO8601() closedAt!: string
}

/** A person has left. What was known of them is erased; the id is never given to anybody else. */
export const AccountClosed = defineEvent('accounts/account-closed.v1', Data, {
  subject: (data) => data.accountId,
})
export type AccountClosed = DataOf<typeof AccountClosed>
