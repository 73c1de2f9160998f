import { Matches } from 'class-validator'
import { Address, LABEL } from '../address'

export class KeepAddress extends Address {
  @Matches(LABEL) label!: string
}
