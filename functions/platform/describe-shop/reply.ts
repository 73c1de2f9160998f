export const replies = { 200: null }

/** What each route answers; JSON Schema has a media type of its own. */
export const media = {
  'GET /': 'text/html',
  'GET /openapi.json': 'application/json',
  'GET /asyncapi.json': 'application/json',
  'GET /events/{domain}/{event}/schema.json': 'application/schema+json',
}
