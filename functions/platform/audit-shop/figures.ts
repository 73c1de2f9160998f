import { IsArray, IsBoolean, IsInt, IsOptional, IsString, Length, ValidateNested } from 'class-validator'
import type { Model } from '#runtime/event'
import { parse } from '#runtime/parse'
import type { Peer } from '#runtime/peer'

/** What the domains say of themselves. A newer one may say more than is read here. */
export class Quantity {
  @IsString() sku!: string
  @IsInt() quantity!: number
}

export class OrderFigures {
  static readonly nested = { lines: Quantity, returned: Quantity }

  @IsString() @Length(1, 64) orderId!: string
  @IsString() status!: string
  @IsString() currency!: string
  @IsBoolean() paid!: boolean
  /** What the shop has of the customer's money, in minor units. */
  @IsInt() kept!: number
  @IsArray() @ValidateNested({ each: true }) lines!: Quantity[]
  @IsArray() @ValidateNested({ each: true }) returned!: Quantity[]
  /** False while something about it may be on its way. */
  @IsBoolean() settled!: boolean
}

export class StockOfOrder {
  static readonly nested = { lines: Quantity, returned: Quantity }

  @IsString() @Length(1, 64) orderId!: string
  @IsOptional() @IsString() state?: string
  @IsArray() @ValidateNested({ each: true }) lines!: Quantity[]
  @IsArray() @ValidateNested({ each: true }) returned!: Quantity[]
  @IsBoolean() settled!: boolean
}

export class PaymentOfOrder {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() currency!: string
  @IsInt() captured!: number
  @IsInt() refunded!: number
  @IsInt() captures!: number
  @IsInt() refunds!: number
  @IsBoolean() settled!: boolean
}

/** Something that always holds, and does not. */
export class Violation {
  @IsString() @Length(1, 64) invariant!: string
  @IsString() @Length(1, 200) about!: string
  @IsString() @Length(1, 1_000) expected!: string
  @IsString() @Length(1, 1_000) actual!: string
}

export class OrderPage {
  static readonly nested = { items: OrderFigures }

  @IsArray() @ValidateNested({ each: true }) items!: OrderFigures[]
  @IsBoolean() last!: boolean
}

export class StockPage {
  static readonly nested = { items: StockOfOrder }

  @IsArray() @ValidateNested({ each: true }) items!: StockOfOrder[]
  @IsBoolean() complete!: boolean
}

export class PaymentPage {
  static readonly nested = { items: PaymentOfOrder }

  @IsArray() @ValidateNested({ each: true }) items!: PaymentOfOrder[]
  @IsBoolean() complete!: boolean
}

export class OwnFigures {
  static readonly nested = { violations: Violation }

  @IsArray() @ValidateNested({ each: true }) violations!: Violation[]
}

/** Asks a domain for figures; rejects when it does not answer as it should. */
export async function figuresFrom<T extends object>(
  peer: Peer,
  Class: Model<T>,
  path: string,
  query: Record<string, string | undefined> = {},
): Promise<T> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  const search = new URLSearchParams(given).toString()
  const { status, body } = await peer('GET', `${path}${search && `?${search}`}`)
  if (status !== 200) throw new Error(`${path} was answered with ${status}`)
  return parse(Class, body, 'tolerant')
}
