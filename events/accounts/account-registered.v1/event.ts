import { IsEmail, IsISO8601, IsIn, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  @IsEmail() email!: string
  @IsString() @Length(1, 200) name!: string
  @IsIn(['customer', 'staff', 'admin']) role!: string
  @IsISO8601() registeredAt!: string
}

/** Somebody has registered. The address is not verified yet, and may be registered more than once until it is. */
export const AccountRegistered = defineEvent('accounts/account-registered.v1', Data, {
  subject: (data) => data.accountId,
})
export type AccountRegistered = DataOf<typeof AccountRegistered>
