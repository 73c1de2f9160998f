import { kubectl, list } from './deploy/kubectl'
import { NAMESPACE } from './deploy/secrets'

const USAGE = `usage: npm run undeploy [-- --all]

  --all  the namespace too, and with it the Secrets: the next deploy makes new ones, which data that is kept does not fit`

/** What a deploy made, in the order in which nothing is left waiting for the other. */
const KINDS = [
  'pingsources.sources.knative.dev',
  'triggers.eventing.knative.dev',
  'eventtypes.eventing.knative.dev',
  'brokers.eventing.knative.dev',
  'services.serving.knative.dev',
  'jobs.batch',
  'networkpolicies.networking.k8s.io',
]

/** `npm run undeploy`: takes the shop off the cluster of the current context; data and Secrets stay unless told. */
async function main(): Promise<void> {
  const words = process.argv.slice(2)
  if (words.some((word) => word !== '--all')) throw new Error(USAGE)
  const context = (await kubectl(['config', 'current-context'])).trim()
  console.log(`\nTaking Kiosk off ${context}\n`)
  const where = ['-n', NAMESPACE, '--ignore-not-found']
  await kubectl(['delete', 'ingresses.networking.internal.knative.dev', 'api', ...where])
  for (const kind of KINDS) {
    await kubectl(['delete', kind, '--all', '--wait', ...where])
    console.log(`  ✓ ${kind.split('.')[0]!}`)
  }
  if (words.includes('--all')) {
    await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait'])
    console.log('  ✓ the namespace')
    return
  }
  const kept = (await list('secrets', '-n', NAMESPACE)).map(({ metadata }) => metadata.name)
  console.log(`\nKept: ${kept.join(', ') || 'nothing'}. npm run undeploy -- --all forgets them too.`)
}

main().catch((error: unknown) => {
  console.error(`\n${(error as Error).message}`)
  process.exitCode = 1
})
