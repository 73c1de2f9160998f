/** A Knative Service as the embedded platform needs it: one function, how it scales and what it is given. */
export interface FunctionService {
  name: string
  /** The operation whose bundle it runs, from the image's name: an operation with two doors is two Services. */
  operation: string
  domain: string
  /** From the label `networking.knative.dev/visibility`: a cluster-local function has no route from outside. */
  visibility: 'external' | 'cluster-local'
  /** `METHOD /path/{parameter}` lines from the annotation `kiosk.example/routes`, one per line. */
  routes: string[]
  scale: {
    min: number
    max: number
    /** Requests in flight that one instance should have (autoscaling target). */
    target: number
    /** Seconds over which the autoscaler averages. */
    windowSeconds: number
  }
  /** Hard limit of requests in flight for one instance; 0 is none. */
  containerConcurrency: number
  timeoutSeconds: number
  /** Literal environment, then the Secrets and ConfigMaps whose keys are added to it. */
  env: Record<string, string>
  envFrom: { kind: 'secret' | 'configMap'; name: string }[]
}

/** What a Trigger says of delivery; all of it is stated in every Trigger of Kiosk. */
export interface Delivery {
  /** How often a failed delivery is tried again; the first delivery is not counted. */
  retry: number
  backoffPolicy: 'linear' | 'exponential'
  backoffDelayMs: number
  timeoutMs: number
  /** The Service that takes what could not be delivered. */
  deadLetterService?: string
}

export interface Trigger {
  name: string
  broker: string
  /** Exact match of context attributes and extensions; none is every event. */
  filter: Record<string, string>
  /** The subscriber's Service. */
  service: string
  delivery: Delivery
}

/** A PingSource: an event of type `dev.knative.sources.ping` to one Service, by cron. */
export interface Timer {
  name: string
  schedule: string
  service: string
}

/** All that `knative/base` says, read for the embedded platform. */
export interface Manifests {
  namespace: string
  services: FunctionService[]
  brokers: string[]
  triggers: Trigger[]
  timers: Timer[]
}
