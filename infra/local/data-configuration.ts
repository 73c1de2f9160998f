import type { Configuration } from './environment'
import { publicKeys, type Secrets } from './secrets'
import type { Mailbox } from './services/mailbox'
import type { Postgres } from './services/postgres'
import type { RedisServer } from './services/redis'
import type { Sandbox } from '../sandbox/sandbox'

/** The data services that functions are told of. */
interface Services {
  postgres: Pick<Postgres, 'urlOf'>
  redis: Pick<RedisServer, 'restUrl' | 'token'>
  mailbox: Pick<Mailbox, 'smtpUrl'>
  sandbox: Pick<Sandbox, 'url'>
}

/** Where functions find the data services and by which secrets, as the ConfigMaps and Secrets of a cluster would say. */
export const configurationOf = (
  { postgres, redis, mailbox, sandbox }: Services,
  domains: readonly string[],
  secrets: Secrets,
): Configuration => ({
  configMaps: { kiosk: { KIOSK_JWKS: publicKeys(secrets), ...collector() } },
  secrets: {
    ...Object.fromEntries(
      domains.map((domain) => [`${domain}-database`, { DATABASE_URL: postgres.urlOf(domain) }]),
    ),
    redis: { UPSTASH_REDIS_REST_URL: redis.restUrl, UPSTASH_REDIS_REST_TOKEN: redis.token },
    'access-tokens': { ACCESS_TOKEN_KEY: JSON.stringify(secrets.accessTokenKey) },
    verification: { VERIFICATION_PEPPER: secrets.verificationPepper },
    smtp: { SMTP_URL: mailbox.smtpUrl, MAIL_FROM: 'Kiosk <shop@kiosk.example>' },
    'payment-gateway': {
      PAYMENT_GATEWAY_URL: sandbox.url,
      PAYMENT_GATEWAY_KEY: secrets.gatewayKey,
      PAYMENT_GATEWAY_NOTICE_SECRET: secrets.noticeSecret,
    },
  },
})

/** Spans go where the person who starts the platform says, by the standard variable; nowhere if it is not set. */
function collector(): Record<string, string> {
  const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  return endpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } : {}
}
