import type { Trigger } from '../manifests/manifests'
import type { CloudEvent } from './cloud-event'

const named = ({ type, id, source }: CloudEvent) => `The event ${type} ${id} of ${source}`

/** A 3xx or 4xx lost an event: which, by whom, and what to change. */
export const refusedWarning = (event: CloudEvent, trigger: Trigger, status: number): string =>
  `${named(event)} is lost: ${trigger.service} answered ${status} to the trigger ${trigger.name}. ` +
  'On a JetStream broker a 3xx or 4xx ends an event at once, with no retry and no dead letter. ' +
  'Answer 2xx when it is done, or 5xx to get it again and then in the dead letters.'

/** The retries are used up and nobody takes dead letters. */
export const noSinkWarning = (event: CloudEvent, trigger: Trigger, attempts: number): string =>
  `${named(event)} is lost: ${trigger.service} failed ${attempts} times and the trigger ${trigger.name} has no ` +
  'dead-letter sink. Give it a spec.delivery.deadLetterSink.'

/** The dead-letter sink itself did not take an event. */
export const delayedWarning = (event: CloudEvent, trigger: Trigger, status: number): string =>
  `${named(event)} waits: the dead-letter sink ${trigger.delivery.deadLetterService} of ${trigger.name} answered ` +
  `${status}. It is asked again until it answers 2xx.`

/** A function answered a success with something that a broker cannot take for a reply. */
export const noEventWarning = (trigger: Trigger, status: number, reason: string): string =>
  `${trigger.service} answered ${status} to the trigger ${trigger.name} with ${reason} The broker takes that for ` +
  'a failure and delivers again: answer 204, or 202 with no body.'

/** Two functions answer each other's replies. */
export const loopWarning = (reply: CloudEvent, trigger: Trigger, hops: number): string =>
  `${named(reply)} is lost: it is the ${hops}th reply to a reply. Let ${trigger.service} answer with another type, or ` +
  `filter the trigger ${trigger.name} by type.`

/** Something in the stream is not an event, so no function can get it. */
export const strangerWarning = (stream: string, sequence: number, reason: string): string =>
  `The message ${sequence} of the stream ${stream} is no event: ${reason} Publish through the broker's ingress.`
