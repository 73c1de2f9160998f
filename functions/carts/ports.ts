import { peer, type Peer } from '#runtime/peer'
import { unguessable, type NewToken } from './owner'

/** What every operation on a cart is given besides its deps. */
export interface Ports {
  viewProduct: Peer
  newToken: NewToken
}

export const ports = { viewProduct: peer('view-product'), newToken: unguessable }
