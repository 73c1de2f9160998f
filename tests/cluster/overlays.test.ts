import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const NAMESPACE = 'kiosk-dry-run'

const inDryRun = (yaml: string) => yaml.replace(/(namespace|serviceNamespace): kiosk$/gim, `$1: ${NAMESPACE}`)

const folders = [
  ...readdirSync('knative/overlays').map((name) => join('knative/overlays', name)),
  ...readdirSync('infra/cluster').map((name) => join('infra/cluster', name)),
  'knative/prepare',
].filter((folder) => existsSync(join(folder, 'kustomization.yaml')))

/**
 * A namespace of its own, as at a first deploy: some fields of what runs already cannot be changed. Kinds that are not
 * installed make a test fail with their names; docs/install.md says where their definitions are.
 */
describe('the API server accepts', () => {
  beforeAll(() => {
    spawnSync('kubectl', ['create', 'namespace', NAMESPACE])
    // Knative refuses a Service whose account is not there, and a dry run does not make it.
    const account = readFileSync('knative/base/service-reader.yaml', 'utf8')
    spawnSync('kubectl', ['apply', '--server-side', '-f', '-'], { input: inDryRun(account) })
  })
  afterAll(() => void spawnSync('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']))

  test.each(folders)('%s', (folder) => {
    const yaml = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', maxBuffer: 1e8 })
    const elsewhere = inDryRun(yaml)

    const words = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-']
    const { status, stdout, stderr } = spawnSync('kubectl', words, { input: elsewhere, encoding: 'utf8' })

    expect({ refused: stderr.split('\n').filter((line) => /error|denied|no matches/i.test(line)) }).toEqual({
      refused: [],
    })
    expect(status).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(elsewhere.match(/^kind: /gm)!.length)
  })
})
