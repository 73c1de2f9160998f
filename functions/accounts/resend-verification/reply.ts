import { IsEmail } from 'class-validator'

/** Where the code goes, if somebody who has yet to verify it registered the address. */
export class Resent {
  @IsEmail() email!: string
}

export const replies = { 202: Resent }
