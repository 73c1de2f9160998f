import { ShownLevel } from '../level-reply'

export const replies = { 201: ShownLevel }
