// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `core`; each is a default that options may replace where its docstring says so. */
export const coreLimits: CoreLimits = Object.freeze({
  /**
   * 4 SPDUs in one TSDU. Reason: the longest group that Table 8 of X.225 allows is GT, AS, MIP, DT. Fixed.
   */
  spdusPerTsdu: 4,
  /**
   * 67,108,864 octets (64 MiB) and 1 MiB of room for what wraps them, joined from segments. Reason: what a
   * peer may make us hold.
   */
  ssduOctets: 65 * 1024 * 1024,
  /** 65,536 segments in one SSDU. Reason: a series of tiny segments costs far more work than its octets. */
  ssduSegments: 65_536,
  /**
   * 64 octets: the smallest TSDU Maximum Size agreed to. Reason: every SPDU that cannot be segmented must fit
   * one TSDU. Fixed.
   */
  minTsduOctets: 64,
  /**
   * 65,536 octets of connect user data, overflow included. Reason: it is held before anybody knows who the
   * peer is.
   */
  connectOctets: 65_536,
  /**
   * 64 events that wait for one that is outstanding. Reason: expedited data may overtake; a peer may not make
   * a heap of it. Fixed.
   */
  queuedEvents: 64,
  /**
   * 1,000 SPDUs that carry no data and that the peer can send again and again (PLEASE TOKENS, expedited data,
   * sync points, resynchronize, exceptions, ...), at once. Data, sent or received, pays one back for each
   * SSDU. Reason: they cost their sender nothing and this side an indication each; a flood of them ends the
   * session connection. No dialogue has so many in the time of one round trip.
   */
  controlBurst: 1_000,
  /**
   * 200 SPDUs a second of that kind are paid back by time alone. Reason: far above what people, heartbeats
   * and turns need, and far below what keeps a processor busy.
   */
  controlPerSecond: 200,
  /**
   * 1,000,000 minor sync points set by one side and not confirmed: as many as there are serial numbers.
   * Reason: the session layer itself remembers two numbers for all of them; who keeps something for each
   * asks for less.
   */
  unconfirmedMinors: 1_000_000,
  /**
   * 5,000 ms: timer TIM of X.225, from our ABORT, REFUSE or DISCONNECT, or the announcement of an ABORT of
   * the peer's, to ending the transport connection ourselves. Reason: a peer that has gone must not cost.
   */
  abortTimeout: 5_000,
  /**
   * 10,000 ms from asking for a session to having it, transport connection included. Reason: nobody waits
   * longer.
   */
  connectTimeout: 10_000,
  /**
   * 5,000 ms from a transport connection to the whole CONNECT. Reason: one that never speaks, or trickles,
   * must not cost.
   */
  handshakeTimeout: 5_000,
  /**
   * 1,000 transport connections without a CONNECT yet; more are ended at once. Reason: together with the
   * above, what a flood costs.
   */
  halfOpen: 1_000,
  /**
   * 11,264 octets: the longest TSDU until this side has answered. Reason: the longest CONNECT has some
   * 10,700. Fixed.
   */
  connectTsduOctets: 11_264,
  /**
   * 65,539 octets: the longest SPDU but DT and TD (SI, LI and 65,535), so the longest TSDU until the session
   * is open. Fixed.
   */
  spduOctets: 65_539,
  /** 7 octets of the longest header of DT, so that an SSDU of `ssduOctets` fits its TSDU. Fixed. */
  dataHeaderOctets: 7,
})

/** The type of {@link coreLimits}. */
export interface CoreLimits {
  readonly spdusPerTsdu: number
  readonly ssduOctets: number
  readonly ssduSegments: number
  readonly minTsduOctets: number
  readonly connectOctets: number
  readonly queuedEvents: number
  readonly controlBurst: number
  readonly controlPerSecond: number
  readonly unconfirmedMinors: number
  readonly abortTimeout: number
  readonly connectTimeout: number
  readonly handshakeTimeout: number
  readonly halfOpen: number
  readonly connectTsduOctets: number
  readonly spduOctets: number
  readonly dataHeaderOctets: number
}
