export const replies = { 202: null }
