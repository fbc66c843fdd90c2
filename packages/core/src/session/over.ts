// How a session ended, from what its peer said. Pure functions.

import type { SessionEnd } from '../connection/index.ts'
import { why, type Why } from './book/envelope.ts'

/** The end by an abort of the peer's that had this reason. */
export function endOfAbort(reason: Why, userData: Uint8Array): SessionEnd {
  switch (reason) {
    case why.unknown:
      return forgotten
    case why.superseded:
      return { by: 'peer', reason: 'superseded', message: 'the session was resumed by somebody else' }
    case why.reused:
      return { by: 'peer', reason: 'ticket-reused', message: 'somebody used an old ticket of the session' }
    case why.overflow:
      return { by: 'peer', reason: 'overflow', message: 'the other side had to keep too much for this one' }
    case why.expired:
      return { by: 'peer', reason: 'expired', message: 'the other side waited too long for this one' }
    default:
      return { by: 'peer', reason: 'aborted', message: 'the other side aborted the session', userData }
  }
}

/** The end by a resume that the acceptor refuses for good. */
export function endOfRefusal(reason: Why, userData: Uint8Array): SessionEnd {
  if (reason === why.unknown) {
    return forgotten
  }
  return { by: 'peer', reason: 'refused', message: 'the other side did not let the session go on', userData }
}

const forgotten: SessionEnd = {
  by: 'peer',
  reason: 'unknown',
  message: 'the other side does not know the session any more',
}
