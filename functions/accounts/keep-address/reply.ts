import { KeptAddress } from '../address-reply'

export const replies = { 200: KeptAddress, 201: KeptAddress }
