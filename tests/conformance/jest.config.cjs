const { jest } = require('../../package.json')

/** The cases on a cluster: no servers of the test run are needed, only the cluster. */
const { globalSetup: _, globalTeardown: __, reporters: ___, ...usual } = jest

module.exports = {
  ...usual,
  rootDir: '../..',
  roots: ['<rootDir>/tests/conformance'],
  testMatch: ['**/cluster.ts'],
  testTimeout: 120_000,
  verbose: true,
}
