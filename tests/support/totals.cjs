/** Ends a test run with the one line that machines read: `N passed, N failed`. */
module.exports = class Totals {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, testResults }) {
    const broken = testResults.filter(({ testExecError }) => testExecError).length
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
    process.on('exit', () => {
      process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests + broken} failed${skipped}\n`)
    })
  }
}
