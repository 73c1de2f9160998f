/** The promises that only a cluster can show; they need kubectl's current context beside GATEWAY_URL. */
module.exports = { ...require('./e2e.cjs'), roots: ['<rootDir>/tests/cluster'], testTimeout: 600_000 }
