import { http, ok, type Deps } from '#runtime/http'
import { problem } from '../problems'
import asyncapi from './asyncapi.json'
import type { Api, Events } from './documents'
import { DescribeShop } from './input'
import openapi from './openapi.json'
import { HTML, pageOf } from './page'
import schemas from './schemas.json'

const CACHED = { 'Cache-Control': 'public, max-age=300' }

/**
 * Describes the shop to those who build on it: its API, its events, their schemas.
 *
 * The documents are derived from the classes that check requests and events, and are part of the bundle: what is
 * described is what runs. An event's schema stands at its own `dataschema` path.
 */
export async function describeShop({ domain, event }: DescribeShop, { request }: Deps) {
  if (request.route === 'GET /openapi.json') return ok(openapi, CACHED)
  if (request.route === 'GET /asyncapi.json') return ok(asyncapi, CACHED)
  if (request.route === 'GET /') return ok(page(), { ...CACHED, ...HTML })
  const schema = (schemas as Record<string, object>)[`${domain}/${event}`]
  if (!schema) throw problem('unknown-event')
  return ok(schema, { ...CACHED, 'Content-Type': 'application/schema+json' })
}

let drawn: string | undefined
/** Drawn at the first request: it is the same for the life of the process. */
const page = (): string => (drawn ??= pageOf(openapi as unknown as Api, asyncapi as unknown as Events))

export default http(DescribeShop, describeShop)
