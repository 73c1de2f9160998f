import { Matches } from 'class-validator'
import { LABEL } from '../address'

export class DropAddress {
  @Matches(LABEL) label!: string
}
