import { problems } from '#runtime/problem'

/** Every way that the platform's own operations say no. */
export const problem = problems('platform', {
  'unknown-event': { status: 404, title: 'There is no such event.' },
  'type-not-allowed': { status: 403, title: 'An event is of a type that this credential may not send.' },
  'too-many-events': { status: 413, title: 'There are too many events in the batch.' },
  'unknown-dead-letter': { status: 404, title: 'There is no such dead letter.' },
  'no-listener': { status: 409, title: 'No function hears this event any more.' },
  'too-old': {
    status: 409,
    title: 'The event is too old to be sent again: who has handled it may have forgotten that.',
  },
  'unknown-replay': { status: 404, title: 'There is no such replay.' },
})
