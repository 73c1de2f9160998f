import { problems } from '#runtime/problem'

/** Every way that the platform's own operations say no. */
export const problem = problems('platform', {
  'unknown-event': { status: 404, title: 'There is no such event.' },
})
