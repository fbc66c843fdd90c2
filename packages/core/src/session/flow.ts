// What a session has sent and received over all its connections. It outlives each of them, and touches none.

import { Points, type Cadence } from './book/points.ts'
import { Retention } from './book/retention.ts'

/** Both directions of a session, seen from one side. */
export class Flow {
  /** What was sent and is not confirmed. */
  readonly kept: Retention = new Retention()
  /** The points we have set. */
  readonly points: Points
  /** Units that were delivered: the position that this side says at a resume. */
  received = 0
  /** The number of the last point that the peer has set in this activity; 0 before the first. */
  receivedSerial = 0
  /** The number of the last activity; its identifier is made from it. */
  activity = 0
  /** An activity has begun and was not ended. */
  inActivity = false

  constructor(cadence: Cadence) {
    this.points = new Points(cadence)
  }

  /** The peer has everything before `position`. */
  confirm(position: number): void {
    this.points.reach(position)
    this.kept.release(position)
  }

  /** The connection is lost; the peer says at the next that it has everything before `position`. */
  continueAt(position: number): void {
    this.confirm(position)
    this.points.forget()
  }

  /** Is this a position the peer can be at? */
  hasPosition(position: number): boolean {
    return position >= this.kept.start && position <= this.kept.end
  }

  /**
   * An activity begins, or another one: numbers start at 1. What was sent before the first is still to be
   * covered by a point.
   */
  began(activity: number): void {
    if (this.activity > 0) this.points.restart()
    this.activity = activity
    this.inActivity = true
    this.receivedSerial = 0
  }

  /** An activity goes on behind these points. */
  resumed(activity: number, sent: number, received: number): void {
    this.activity = activity
    this.inActivity = true
    this.points.secured = sent
    this.receivedSerial = received
  }
}
