import { IsArray, ValidateNested } from 'class-validator'
import type { Model } from '#runtime/event'
import { setting, type Environment } from '#runtime/operation'
import { parse } from '#runtime/parse'
import { GatewayTrouble, isGatewayTrouble, openLine, type Line } from './gateway-line'
import { GatewayCharge, GatewayRefund, type Attempt, type Refund, type Span } from './payment'

/** The payment gateway, as our operations see it. All throw `GatewayTrouble` when it gives no usable answer. */
export interface Gateway {
  /**
   * Charges a try. The same try asked again gets the first answer, so asking is safe however often and after any
   * crash. A decline is an answer.
   */
  charge(attempt: Pick<Attempt, 'key' | 'amount' | 'currency' | 'method'>): Promise<GatewayCharge>
  /** What the gateway knows of a try, as it stands now; empty when it was never asked. */
  chargesOf(reference: string): Promise<GatewayCharge[]>
  /** Gives money back; as with a charge, the same refund asked again gets the first answer. */
  refund(refund: Pick<Refund, 'key' | 'chargeId' | 'amount'>): Promise<GatewayRefund>
  /** What the gateway knows of a refund, as it stands now; empty when it was never asked. */
  refundsOf(refund: Pick<Refund, 'key' | 'chargeId'>): Promise<GatewayRefund[]>
  /** Whatever was charged in a span of time, oldest first, as it stands now; pages count from 1 and the last is short. */
  chargesIn(span: Span, page: number): Promise<GatewayCharge[]>
  /** The same of what went back. */
  refundsIn(span: Span, page: number): Promise<GatewayRefund[]>
}

/** How many a whole page of `chargesIn` and `refundsIn` has. */
export const PAGE_SIZE = 100

class ChargeList {
  static readonly nested = { items: GatewayCharge }

  @IsArray() @ValidateNested({ each: true }) items!: GatewayCharge[]
}

class RefundList {
  static readonly nested = { items: GatewayRefund }

  @IsArray() @ValidateNested({ each: true }) items!: GatewayRefund[]
}

const TRIES = 3
const PAUSE_MS = 100
/** A try that began later than this is left to whoever asks again: the caller waits 30 s at most. */
const LAST_START_MS = 5_000

/** The gateway at PAYMENT_GATEWAY_URL, with PAYMENT_GATEWAY_KEY. Another gateway is another of these. */
export function paymentGateway(env: Environment): Gateway {
  const line = openLine(setting(env, 'PAYMENT_GATEWAY_URL'), setting(env, 'PAYMENT_GATEWAY_KEY'))
  return {
    charge: async ({ key, amount, currency, method }) => {
      const body = { amount, currency, paymentMethod: method, reference: key }
      return read(GatewayCharge, await patiently(() => line('POST', '/v1/charges', { key, body })))
    },
    chargesOf: async (reference) => {
      const path = `/v1/charges?reference=${encodeURIComponent(reference)}`
      return read(ChargeList, await patiently(() => line('GET', path))).items
    },
    refund: async ({ key, chargeId, amount }) => {
      const body = { amount, reference: key }
      const path = refundsPath(chargeId)
      return read(GatewayRefund, await patiently(() => line('POST', path, { key, body })))
    },
    refundsOf: async ({ key, chargeId }) => {
      const path = `${refundsPath(chargeId)}?reference=${encodeURIComponent(key)}`
      return read(RefundList, await patiently(() => line('GET', path))).items
    },
    chargesIn: async (span, page) => {
      const path = `/v1/charges?${pageOf(span, page)}`
      return read(ChargeList, await patiently(() => line('GET', path))).items
    },
    refundsIn: async (span, page) => {
      const path = `/v1/refunds?${pageOf(span, page)}`
      return read(RefundList, await patiently(() => line('GET', path))).items
    },
  }
}

const pageOf = ({ since, until }: Span, page: number) =>
  new URLSearchParams({
    ...{ since: since.toISOString(), until: until.toISOString() },
    ...{ page: String(page), pageSize: String(PAGE_SIZE) },
  }).toString()

const refundsPath = (chargeId: string) => `/v1/charges/${encodeURIComponent(chargeId)}/refunds`

/** Asks again, quickly and a few times, when the gateway is busy or the connection breaks. */
async function patiently(ask: () => ReturnType<Line>): Promise<unknown> {
  const started = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      const again = attempt < TRIES && performance.now() - started < LAST_START_MS
      if (!again || !isGatewayTrouble(error) || !error.passing) throw error
      await new Promise((resume) => setTimeout(resume, PAUSE_MS * attempt ** 2))
    }
  }
}

/** What the gateway says is checked like anything from outside, but what is wrong with it is no fault of our caller. */
function read<T extends object>(Class: Model<T>, body: unknown): T {
  try {
    return parse(Class, body, 'tolerant')
  } catch (cause) {
    throw new GatewayTrouble('the payment gateway answered what we cannot read', { cause })
  }
}
