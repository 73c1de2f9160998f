import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsISO8601() lapsedAt!: string
}

/**
 * A registration will never be an account: nobody proved its address in time, or the address has an account by another
 * registration or had one that was closed. What was known of it is erased; the id is never given to anybody else.
 */
export const RegistrationLapsed = defineEvent('accounts/registration-lapsed.v1', Data, {
  subject: (data) => data.accountId,
})
export type RegistrationLapsed = DataOf<typeof RegistrationLapsed>
