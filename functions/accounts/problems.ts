import { problems } from '#runtime/problem'

/** Every way that accounts say no. */
export const problem = problems('accounts', {
  'wrong-code': { status: 422, title: 'The code is wrong or no longer valid.', pointer: '#/code' },
  'too-soon': { status: 429, title: 'A code was sent a moment ago.' },
  'wrong-credentials': { status: 401, title: 'The address or the password is wrong.' },
  'not-verified': { status: 403, title: 'The address has not been verified yet.' },
  'too-many-attempts': { status: 429, title: 'There were too many wrong passwords.' },
  'session-closed': { status: 401, title: 'The refresh token is not valid or its session is closed.' },
  'too-many-addresses': { status: 409, title: 'There is no room for another address.' },
  'unknown-account': { status: 404, title: 'There is no such account.' },
  'last-admin': { status: 409, title: 'The shop would have no administrator left.' },
})
