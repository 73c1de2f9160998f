import { IsIn, IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) accountId!: string
  /** What the account is from now on; a lesser role is granted in the same way. */
  @IsIn(['customer', 'staff', 'admin']) role!: string
  @IsISO8601() grantedAt!: string
}

/** An account has another role. Tokens that were signed before say the old one until they end. */
export const RoleGranted = defineEvent('accounts/role-granted.v1', Data, {
  subject: (data) => data.accountId,
  unheard: 'for whoever watches who may do what: a role is in the next access token',
})
export type RoleGranted = DataOf<typeof RoleGranted>
