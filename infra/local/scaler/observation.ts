/** What the scaler tells of a function's processes; `instance` is unique for the life of the platform. */
export type Observation = { service: string; instance: string } & (
  | { kind: 'started'; pid: number }
  /** `readyMs` is from the process's start to its first healthy answer. */
  | { kind: 'ready'; readyMs: number }
  | { kind: 'stopped' }
  /** It ended unasked; `detail` is a sentence with its exit code and the last lines of its log. */
  | { kind: 'crashed'; detail: string }
  /** It never became ready; nothing is started again before `retryInMs` have passed. */
  | { kind: 'failed-to-start'; detail: string; retryInMs: number }
)
