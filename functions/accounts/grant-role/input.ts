import { IsIn, IsString, Length } from 'class-validator'
import type { Role } from '#runtime/caller'

export class GrantRole {
  @IsString() @Length(1, 64) id!: string
  @IsIn(['customer', 'staff', 'admin']) role!: Role
}
