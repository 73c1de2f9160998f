import { startGateway } from '../gateway/gateway'
import type { Broker } from './broker/broker'
import { startConsole } from './console/console'
import type { Observations } from './console/observations'
import type { Functions } from './functions'
import { startedInOrder, type Started } from './in-order'
import { startInside } from './inside'
import type { LocalPorts } from './layout'
import type { FunctionService } from './manifests/manifests'
import type { Progress } from './screen'

/** What stands behind the entrances. */
export interface EntrancesOptions {
  ports: LocalPorts
  progress: Progress
  services: FunctionService[]
  functions: Functions
  broker: Broker
  observations: Observations
  /** The platform domain's database, where dead letters are kept. */
  deadLettersUrl: string
}

/** Opens what the functions reach each other by, the gateway for the world, and the console for the person at this machine. */
export const openEntrances = (options: EntrancesOptions): Promise<Started> =>
  startedInOrder(async (keep) => {
    const { ports, progress, services, functions, broker, observations, deadLettersUrl } = options
    keep(
      await startInside({
        port: ports.functions,
        handle: functions.handleInside,
        states: functions.states,
      }),
    )
    keep(
      await progress.step(
        'Gateway',
        startGateway({ services, scaler: functions, port: ports.gateway, host: '127.0.0.1' }),
      ),
    )
    keep(
      await startConsole({
        port: ports.console,
        functions: functions.states,
        pending: () => broker.pending(),
        observations,
        deadLettersUrl,
      }),
    )
    return {}
  })
