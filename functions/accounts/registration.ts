/** What somebody says who wants an account. Whoever types in its code gets exactly this account. */
export interface Registration {
  /** The account's, once there is one. */
  id: string
  /** As `addressOf` writes it. */
  email: string
  name: string
  passwordHash: string
  registeredAt: Date
}
