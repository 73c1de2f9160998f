import { IsEmail, IsIn, IsISO8601, IsString } from 'class-validator'

/** The JSON of a profile. */
export class ShownProfile {
  @IsString() accountId!: string
  @IsEmail() email!: string
  @IsString() name!: string
  @IsIn(['customer', 'staff', 'admin']) role!: string
  @IsISO8601() registeredAt!: string
  @IsISO8601() verifiedAt!: string
}
