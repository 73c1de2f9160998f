import type { FunctionService } from '../manifests/manifests'
import type { Revision } from './revision'

/** A function and what its manifest says. */
export interface Target {
  service: FunctionService
  revision: Revision
}
