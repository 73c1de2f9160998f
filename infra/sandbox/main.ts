import { startSandbox } from './sandbox'

/** The sandbox as a program of its own, for an image: settings from the environment, ended by SIGTERM or SIGINT. */
async function main({ env }: NodeJS.Process): Promise<void> {
  const sandbox = await startSandbox({
    port: Number(env['PORT'] ?? 8080),
    listen: '0.0.0.0',
    folder: wanted(env, 'SANDBOX_FOLDER'),
    apiKey: wanted(env, 'PAYMENT_GATEWAY_KEY'),
    noticeSecret: wanted(env, 'PAYMENT_GATEWAY_NOTICE_SECRET'),
    noticeUrl: wanted(env, 'SANDBOX_NOTICE_URL'),
  })
  const end = () => void sandbox.stop().then(() => process.exit(0))
  process.once('SIGTERM', end).once('SIGINT', end)
}

function wanted(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

// A rejection ends the process with its message, which is what a program that cannot start should do.
void main(process)
