import { ShownLevel } from '../level-reply'

export const replies = { 200: ShownLevel }
