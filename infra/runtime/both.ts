import type { Deployable } from './function'

/**
 * One operation with two doors, a request and an event, deployed as two Services from one bundle: the one that the world
 * can reach answers requests and nothing else, whatever headers it is sent; the other hears events and is reachable
 * inside the cluster only. KIOSK_DOOR says which of the two a process is.
 */
export const both =
  (asked: Deployable, told: Deployable): Deployable =>
  (operation, parts, env) =>
    (env['KIOSK_DOOR'] === 'events' ? told : asked)(operation, parts, env)
