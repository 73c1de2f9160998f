export const replies = { 200: null }

export const media = { 'GET /v1/metrics': 'text/plain' }
