import * as nodeModule from 'node:module'
import { resolve } from 'node:path'
import type { Program } from './first-answer'

/** A process of place-order as the embedded platform starts it; `compileCache` is the folder of its compiled code. */
export function placeOrderProcess(environment: Record<string, string>, compileCache: string): Program {
  const preload = ['--require', resolve('dist/infra/local/code-cache-process.cjs')]
  return {
    args: [...('enableCompileCache' in nodeModule ? [] : preload), resolve('dist/host.cjs'), 'place-order'],
    env: {
      ...environment,
      LISTEN_ADDRESS: '127.0.0.1',
      FUNCTION_BUNDLE: resolve('dist/functions/orders/place-order.cjs'),
      K_SERVICE: 'place-order',
      NODE_COMPILE_CACHE: compileCache,
    },
    // Without a token it refuses, which takes the function's own code and nothing behind it.
    ask: { method: 'POST', path: '/v1/orders', status: 401 },
  }
}
