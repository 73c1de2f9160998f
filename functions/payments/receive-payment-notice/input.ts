import { IsDefined, IsOptional, IsString, Length, ValidateNested } from 'class-validator'
import { GatewayCharge, GatewayRefund } from '../payment'

/** What is read of a notice before its signature is checked: nothing. */
export class UnreadNotice {
  static readonly raw = true
}

export class ReceivePaymentNotice {
  static readonly tolerant = true
  static readonly nested = { data: GatewayCharge, refund: GatewayRefund }

  /** What happened; the charge says what that means. */
  @IsString() @Length(1, 100) type!: string
  /** The charge as it stood then. */
  @IsDefined() @ValidateNested() data!: GatewayCharge
  /** When it tells of one. */
  @IsOptional() @ValidateNested() refund?: GatewayRefund
}
