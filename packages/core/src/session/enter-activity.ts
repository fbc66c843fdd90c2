// How the initiator enters the activity of a session on a new connection, or after the last one has ended.
import type { OldSession, SessionConnection } from '../connection/index.ts'
import { encodeNumber } from './book/envelope.ts'
import type { Flow } from './flow.ts'

/** Goes on with the activity that was cut off, on the connection of that name, or starts the next one. */
export function enterActivity(
  connection: SessionConnection,
  flow: Flow,
  linking: OldSession | undefined,
): void {
  const { points, inActivity, receivedSerial } = flow
  if (!inActivity) {
    flow.began(flow.activity + 1)
    return connection.startActivity(encodeNumber(flow.activity))
  }
  const identifier = encodeNumber(flow.activity)
  connection.resumeActivity(identifier, {
    oldIdentifier: identifier,
    serial: points.secured,
    serialReceived: receivedSerial,
    session: linking,
  })
}
