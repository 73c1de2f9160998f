import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { find, kubectl, kubectlSays } from './kubectl'
import { render, type References } from './rendering'
import { NAMESPACE } from './secrets'

const PATIENCE_MS = 180_000

/**
 * Runs the Job that migrates every database, and waits for it: the revisions that stand on the new tables come after.
 * An overlay may have a `prepare` of its own. The Job's name follows from the image, so one that was run for it already is not run again.
 */
export async function prepare(root: string, overlay: string, references: References): Promise<string> {
  const image = references['kiosk/prepare']!
  const suffix = createHash('sha256').update(image).digest('hex').slice(0, 8)
  const name = `prepare-${suffix}`
  const done = await find('job', name, NAMESPACE)
  if (hasEnded(done?.status, 'Complete')) return 'done before'
  if (done) await kubectl(['delete', 'job', name, '-n', NAMESPACE, '--wait'])
  const own = `knative/overlays/${overlay}/prepare`
  const folder = existsSync(join(root, own)) ? own : 'knative/prepare'
  const { yaml } = await render(root, folder, references, { nameSuffix: `-${suffix}` })
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], yaml)

  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const job = await find('job', name, NAMESPACE)
    if (hasEnded(job?.status, 'Complete')) return await words(name)
    const late = Date.now() > deadline
    if (late || hasEnded(job?.status, 'Failed')) {
      const why = late ? `is not done after ${PATIENCE_MS / 1000} s` : 'failed'
      throw new Error(`the job ${name} ${why}; nothing else was changed. It said:\n${await words(name)}`)
    }
    await new Promise((resume) => setTimeout(resume, 500))
  }
}

const hasEnded = (
  status: { conditions?: { type: string; status: string }[] } | undefined,
  how: 'Complete' | 'Failed',
) => status?.conditions?.some(({ type, status: is }) => type === how && is === 'True') === true

const words = async (job: string): Promise<string> =>
  (await kubectlSays(['logs', `job/${job}`, '-n', NAMESPACE, '--tail=20'])).out
    .trim()
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n')
