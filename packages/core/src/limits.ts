// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of the session layer: defaults that options may replace where the docstring says so. */
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
   * 5,000 ms: timer TIM of X.225, from our ABORT, REFUSE or DISCONNECT to ending the transport connection
   * ourselves.
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
  readonly abortTimeout: number
  readonly connectTimeout: number
  readonly handshakeTimeout: number
  readonly halfOpen: number
  readonly connectTsduOctets: number
  readonly spduOctets: number
  readonly dataHeaderOctets: number
}

/** The bounds of checkpoint stores, the same for every store; options may replace them where it says so. */
export const storeLimits: StoreLimits = Object.freeze({
  /** 512 octets of UTF-8 in the id of a ledger. Reason: what every store's keys have room for. Fixed. */
  idOctets: 512,
  /** 65,536 octets in the head of a ledger. Reason: it is read whole at every takeover. Fixed. */
  headOctets: 65_536,
  /** 64 octets in the hash of a request. Reason: the longest hash in use has them. Fixed. */
  hashOctets: 64,
  /** 16,777,216 octets (16 MiB) in one result or checkpoint. Reason: it is written and read whole. Fixed. */
  entryOctets: 16 * 1024 * 1024,
  /** 1,024 entries in one change or one read. Reason: one step of a store is short. Fixed. */
  entries: 1024,
  /** 64 changes in one write. Reason: as above; a call needs two. Fixed. */
  changes: 64,
  /** 33,554,432 octets (32 MiB) in one write. Reason: it is held in memory until it is durable. Fixed. */
  writeOctets: 32 * 1024 * 1024,
  /** 1,000 ledgers in one sweep. Reason: others wait for it. Fixed. */
  sweep: 1000,
  /** 65,536 writes that wait for a flush; the next fails with `busy`. Reason: a slow disk shows. Fixed. */
  waitingWrites: 65_536,
  /** 67,108,864 octets (64 MiB) of them. Reason: as above. Fixed. */
  waitingOctets: 64 * 1024 * 1024,
  /** 1,024 writes in one flush. Reason: beyond it a flush costs more time than sharing it saves. Fixed. */
  groupWrites: 1024,
  /** 8,388,608 octets (8 MiB) in one flush of several writes. Reason: as above. Fixed. */
  groupOctets: 8 * 1024 * 1024,
  /**
   * 268,435,456 octets (256 MiB) in a store in memory; then it is `full`. Reason: a forgotten development
   * server must not eat its machine. Option `maxOctets` of `memoryStore`.
   */
  memoryOctets: 256 * 1024 * 1024,
})

/** The type of {@link storeLimits}. */
export interface StoreLimits {
  readonly idOctets: number
  readonly headOctets: number
  readonly hashOctets: number
  readonly entryOctets: number
  readonly entries: number
  readonly changes: number
  readonly writeOctets: number
  readonly sweep: number
  readonly waitingWrites: number
  readonly waitingOctets: number
  readonly groupWrites: number
  readonly groupOctets: number
  readonly memoryOctets: number
}
