import type { Role } from '#runtime/caller'

/** What is known of a person, for that person and for administrators. */
export interface Profile {
  accountId: string
  email: string
  name: string
  role: Role
  registeredAt: Date
  verifiedAt: Date
}

/** The columns of `accounts` that make a profile. */
export const PROFILE_COLUMNS = `id as "accountId", email, name, role,
  registered_at as "registeredAt", verified_at as "verifiedAt"`
