import type { Trigger } from '../manifests/manifests'
import { type CloudEvent, extended } from './cloud-event'

/** How the last try of a delivery went wrong. */
export interface Failure {
  /** The function's status; 500 stands for a connection error or a timeout, as in Knative. */
  status: number
  /** What the function said, or the error of the connection. */
  body: Buffer
}

/** 768 bytes are 1024 characters of base64, the length to which Knative truncates. */
const ERROR_DATA_BYTES = 768

/**
 * The event that goes to the dead-letter sink: the original with the error attributes of Knative
 * (`knativeerrordest`, `knativeerrorcode`, `knativeerrordata`) and two of ours, `kioskattempts` and `kiosktrigger`.
 */
export const deadLetter = (
  event: CloudEvent,
  trigger: Trigger,
  namespace: string,
  failure: Failure,
  attempts: number,
): CloudEvent =>
  extended(event, {
    knativeerrordest: `http://${trigger.service}.${namespace}.svc.cluster.local/`,
    knativeerrorcode: String(failure.status),
    knativeerrordata: failure.body.subarray(0, ERROR_DATA_BYTES).toString('base64'),
    kioskattempts: String(attempts),
    kiosktrigger: trigger.name,
  })
