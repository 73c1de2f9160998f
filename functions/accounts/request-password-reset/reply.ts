import { IsEmail } from 'class-validator'

/** Where the code goes, if the address has an account. */
export class ResetRequested {
  @IsEmail() email!: string
}

export const replies = { 202: ResetRequested }
