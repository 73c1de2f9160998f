const { jest } = require('../package.json')

if (!process.env.GATEWAY_URL) {
  throw new Error(
    'GATEWAY_URL is not set: say where the shop to be tried answers, e.g. http://localhost:8080',
  )
}

/** The journeys on an installation that runs already; the tests' own servers are not started. */
const { globalSetup: _, globalTeardown: __, testPathIgnorePatterns: ___, ...rest } = jest

module.exports = {
  ...rest,
  rootDir: '..',
  roots: ['<rootDir>/tests/journeys'],
  testTimeout: 180_000,
  maxWorkers: 1,
}
