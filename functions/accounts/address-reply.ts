import { Matches } from 'class-validator'
import { Address, LABEL } from './address'

/** The JSON of an address that is kept. */
export class KeptAddress extends Address {
  @Matches(LABEL) label!: string
}
