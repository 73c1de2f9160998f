import { Writable } from 'node:stream'

/** The functions' log lines are not the tests' output; KIOSK_TEST_LOGS=1 shows them. */
if (!process.env['KIOSK_TEST_LOGS']) {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  Object.defineProperty(process, 'stdout', { value: nowhere })
}
