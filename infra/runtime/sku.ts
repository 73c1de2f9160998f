import { Matches } from 'class-validator'

const SKU = /^[A-Za-z0-9][\w.-]{0,63}$/

/** A field with the number by which the whole shop knows an item: 1 to 64 letters, digits, `.`, `-` and `_`. */
export const IsSku = (): PropertyDecorator => Matches(SKU)
