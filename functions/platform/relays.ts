import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator'
import { parse } from '#runtime/parse'
import { anyPeer, type Peer } from '#runtime/peer'
import { RELAYS } from './listeners'

class Count {
  @IsString() type!: string
  @IsInt() count!: number
}

/** How far a domain's share of a replay is. */
class Share {
  @IsIn(['open', 'done', 'stopped']) state!: 'open' | 'done' | 'stopped'
  @IsInt() total!: number
  @IsInt() sent!: number
  @IsInt() failed!: number
  @IsArray() @IsObject({ each: true }) failures!: object[]
  @IsOptional() @IsString() lastError?: string | null
}

/** What a relay says of its domain's outbox. */
export class OutboxReport {
  static readonly nested = { counts: Count, replay: Share }

  @IsInt() unsent!: number
  @IsOptional() @IsISO8601() oldestUnsentAt?: string
  @IsOptional() @IsArray() @ValidateNested({ each: true }) counts?: Count[]
  @IsOptional() @ValidateNested() replay?: Share
}

/** A port to the relay of each domain. */
export type AskRelay = (domain: string, query?: Record<string, string>) => Promise<OutboxReport>

/** Rejects when a relay does not answer as it should. */
export const askRelays = (env: Parameters<typeof anyPeer>[0]): AskRelay => relaysBehind(anyPeer(env))

/** The same, given a way to any operation. */
export const relaysBehind =
  (peerOf: (name: string) => Peer): AskRelay =>
  async (domain, query = {}) => {
    const relay = RELAYS[domain]
    if (relay === undefined) throw new Error(`the domain ${domain} has no relay`)
    const search = new URLSearchParams(query).toString()
    const { status, body } = await peerOf(relay)('GET', `/v1/outbox${search && `?${search}`}`)
    if (status !== 200) throw new Error(`${relay} answered ${status}`)
    return parse(OutboxReport, body, 'tolerant')
  }
