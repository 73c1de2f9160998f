export const replies = { 204: null }
