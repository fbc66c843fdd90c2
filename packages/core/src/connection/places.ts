// Where a flow, or an activity, goes on: said in requests and told in events alike. Types only.

/**
 * Where a flow goes on. `restart`: at an earlier point, so that what came after it is sent again. `set`: at
 * any number. `abandon`: at a number that neither side has used, so that nothing is sent again; it has no
 * serial number of its own in a request.
 */
export interface FlowPoint {
  readonly type: 'restart' | 'abandon' | 'set'
  readonly serial?: number | undefined
}

/** Which activity is resumed, and where. */
export interface ActivityLinking {
  /** What it was called when it was interrupted; 1 to 6 octets. */
  readonly oldIdentifier: Uint8Array
  /** The last point both sides have secured; numbering goes on behind it. */
  readonly serial: number
  /** With `symmetric-sync` the same of what the peer sends; default `serial`. */
  readonly serialReceived?: number | undefined
  /** The session connection it was on, where that was another one. */
  readonly session?: OldSession | undefined
}

/** How the two users named the session connection an activity was on. */
export interface OldSession {
  /** The reference of the user who opened it, and of the one who accepted it; up to 64 octets. */
  readonly calling?: Uint8Array | undefined
  readonly called?: Uint8Array | undefined
  /** Up to 64 octets. */
  readonly common?: Uint8Array | undefined
  /** Up to 4 octets. */
  readonly additional?: Uint8Array | undefined
}
