import type { PasswordResetRequested } from '#events/accounts/password-reset-requested.v1/event'
import type { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import type { Letter, Moment } from './layout'

/** A code that came too late to be used would only mislead, so nothing is written then. */
export function proveAddress(
  { code, expiresAt }: VerificationRequested,
  { now }: Moment,
): Letter | undefined {
  if (Date.parse(expiresAt) <= now.getTime()) return undefined
  return {
    subject: 'Your code',
    says: [
      'This code proves that the address is yours:',
      `It can be used until ${timeOf(new Date(expiresAt))} UTC.`,
      'It opens an account with the password that was given when your address was registered.',
      'If that was not you, use no code: somebody gave your address for theirs, and without the code nothing happens.',
      'If you are not sure which of several codes is yours, register once more and use the code that comes then.',
    ],
    shows: code,
  }
}

/** How long such a code lives after it was asked for. */
const RESET_MS = 600_000

/** Neither is written about a code that has died on its way. */
export function choosePassword(
  { code }: PasswordResetRequested,
  { now, happened }: Moment,
): Letter | undefined {
  const end = new Date(happened.getTime() + RESET_MS)
  if (end <= now) return undefined
  return {
    subject: 'Your code for another password',
    says: [
      'With this code you can choose another password:',
      `It can be used until ${timeOf(end)} UTC.`,
      'If you did not ask for it, do nothing and give the code to nobody: your password stays as it is.',
    ],
    shows: code,
  }
}

const timeOf = (moment: Date) => moment.toISOString().slice(11, 16)
