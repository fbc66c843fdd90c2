// Prints `N passed, M failed` for a report of the test runner (vitest --reporter=json) and exits 1 unless all
// passed. A file that could not run at all counts as one failure; so does a report that is not there.
import { readFileSync } from 'node:fs'

const [report] = process.argv.slice(2)
const { passed, failed } = count()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function count() {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    )
    return { passed: numPassedTests, failed: numFailedTests + broken.length }
  } catch (error) {
    console.error(`No report of the tests: ${error.message}`)
    return { passed: 0, failed: 1 }
  }
}
