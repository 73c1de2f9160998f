/** One invocation that is to be made; `key` names it whatever else happens, so that its kill can be left out. */
export interface Task {
  key: string
  name: string
  /** Done before it, by nobody: time passes. */
  before?: () => Promise<unknown>
  message: () => { headers: Record<string, string>; body: Buffer; url?: string; method?: string }
  answered: (status: number, headers: Record<string, unknown>) => void
}

/** What was tried. */
export interface Tally {
  invocations: number
  deliveries: number
  kills: number
  steps: number
}
