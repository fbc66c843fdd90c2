// How a session gets a connection again: the part of a session in which its two ends differ. Types only.

/** The initiator's way back is to connect, the acceptor's to wait. */
export interface WayBack {
  /** There is no connection any more. `idle`: nobody needs one for now. */
  lost(idle: boolean): void
  /** Something is to be sent, and there is no connection. */
  wanted(): void
  /** Somebody has reason to think that there is a way: do not wait. */
  now(): void
  /** There is a connection, or the session is over: nothing is to be done any more. */
  stop(): void
}
