// Who is told what a session connection has to tell: one listener and one subject of events. It knows which
// callback an event is for, and nothing of the protocol.

import { Subject } from '../rx.ts'
import type { SessionEnd } from './session-end.ts'
import type { MinorPoint, SessionEvent, SessionListener, SyncPoint } from './session-listener.ts'

/** The listener and the events of one session connection. */
export class Audience {
  listener: SessionListener | undefined = undefined
  subject: Subject<SessionEvent> | undefined = undefined

  /** True when somebody can answer the question of this event. */
  answers(event: SessionEvent): boolean {
    const callback = questions.get(event.type)
    if (callback !== undefined && this.listener?.[callback] !== undefined) return true
    return this.subject?.observed === true
  }

  /** S-DATA, apart from the rest because it is the hot path. */
  data(ssdu: Uint8Array): void {
    this.listener?.data?.(ssdu)
    this.subject?.next({ type: 'data', data: ssdu })
  }

  typedData(ssdu: Uint8Array): void {
    this.listener?.typedData?.(ssdu)
    this.subject?.next({ type: 'typed-data', data: ssdu })
  }

  /** S-SYNC-MINOR, which goes on between the data. */
  minorSync(point: MinorPoint): void {
    this.listener?.minorSync?.(point)
    this.subject?.next({ type: 'minor-sync', point })
  }

  minorConfirmed(point: SyncPoint): void {
    this.listener?.minorConfirmed?.(point)
    this.subject?.next({ type: 'minor-confirmed', point })
  }

  /** Anything else but the end. */
  tell(event: SessionEvent): void {
    if (this.listener !== undefined) call(this.listener, event)
    this.subject?.next(event)
  }

  /** The end, last and to everybody. */
  end(end: SessionEnd): void {
    try {
      this.listener?.closed?.(end)
    } catch {
      // There is no session connection left that could be ended for it.
    }
    if (this.subject !== undefined) tellEnd(this.subject, end)
  }
}

/** The callbacks for the events with a question. */
const questions: ReadonlyMap<SessionEvent['type'], keyof SessionListener> = new Map([
  ['capability-data', 'capabilityData'],
  ['major-sync', 'majorSync'],
  ['resynchronize', 'resynchronize'],
  ['activity-interrupted', 'activityInterrupted'],
  ['activity-discarded', 'activityDiscarded'],
  ['activity-ended', 'activityEnded'],
  ['release-requested', 'releaseRequested'],
])

/** The last event of a subject. */
export function tellEnd(subject: Subject<SessionEvent>, end: SessionEnd): void {
  subject.next({ type: 'closed', end })
  subject.complete()
}

function call(listener: SessionListener, event: SessionEvent): void {
  switch (event.type) {
    case 'expedited-data':
      return listener.expeditedData?.(event.data)
    case 'drained':
      return listener.drained?.()
    case 'capability-data':
      return listener.capabilityData?.(event.userData, event.question)
    case 'tokens-given':
      return listener.tokensGiven?.(event.tokens, event.userData)
    case 'tokens-asked':
      return listener.tokensAsked?.(event.tokens, event.userData)
    case 'control-given':
      return listener.controlGiven?.(event.userData)
    case 'major-sync':
      return listener.majorSync?.(event.point, event.question)
    case 'resynchronize':
      return listener.resynchronize?.(event.resync, event.question)
    case 'activity-started':
      return listener.activityStarted?.(event.activity)
    case 'activity-resumed':
      return listener.activityResumed?.(event.activity)
    case 'activity-interrupted':
      return listener.activityInterrupted?.(event.stopped, event.question)
    case 'activity-discarded':
      return listener.activityDiscarded?.(event.stopped, event.question)
    case 'activity-ended':
      return listener.activityEnded?.(event.point, event.question)
    case 'problem':
      return listener.problem?.(event.problem)
    case 'release-requested':
      return listener.releaseRequested?.(event.userData, event.question)
    case 'data':
    case 'typed-data':
    case 'minor-sync':
    case 'minor-confirmed':
    case 'closed':
      throw new Error(`${event.type} has a way of its own`)
  }
}
