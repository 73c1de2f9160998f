import { OpenedSession } from '../session-reply'

export const replies = { 201: OpenedSession }
