import { stringify } from 'yaml'

/**
 * The Job that migrates the databases of these domains, with the Secrets that their functions have. It stands beside
 * the base and not in it: a Job cannot be changed, and it has to be through before the revisions of a release start.
 */
export const prepareJobOf = (domains: readonly string[]): string =>
  stringify(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'prepare', namespace: 'kiosk', labels: { 'app.kubernetes.io/part-of': 'kiosk' } },
      spec: {
        backoffLimit: 3,
        ttlSecondsAfterFinished: 86_400,
        template: {
          spec: {
            restartPolicy: 'OnFailure',
            automountServiceAccountToken: false,
            containers: [
              {
                name: 'prepare',
                image: 'kiosk/prepare',
                env: domains.map((domain) => ({
                  name: `${domain.toUpperCase()}_DATABASE_URL`,
                  valueFrom: { secretKeyRef: { name: `${domain}-database`, key: 'DATABASE_URL' } },
                })),
                envFrom: [{ secretRef: { name: 'first-admin' } }],
                resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } },
                securityContext: {
                  runAsNonRoot: true,
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                  seccompProfile: { type: 'RuntimeDefault' },
                },
              },
            ],
          },
        },
      },
    },
    { lineWidth: 110, version: '1.1' },
  )
