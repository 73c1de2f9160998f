import { ShownProfile } from '../profile-reply'

export const replies = { 200: ShownProfile }
