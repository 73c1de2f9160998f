import { IsEmail } from 'class-validator'

/** Where a code goes, if the address is not verified yet. */
export class Registered {
  @IsEmail() email!: string
}

export const replies = { 202: Registered }
