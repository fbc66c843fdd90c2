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
   * 1,000 ms for which one of several addresses is waited for alone. Reason: whoever answers at all does so
   * sooner, as a rule, and a node that has fallen silent must not keep its clients waiting for longer.
   */
  addressPatience: 1000,
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
  /**
   * 32,768 octets of user data that go with opening, releasing or aborting a session that outlives its
   * connections. Reason: one SPDU must hold them, and what is said around them. Fixed.
   */
  userDataOctets: 32_768,
  /**
   * 2,500 ms: a link on which nothing was heard for so long is given up. Reason: a call is to notice before
   * its user does.
   */
  silenceTimeout: 2_500,
  /** 250 ms: a peer that bears less silence is refused. Reason: it would cost us heartbeats. Fixed. */
  silenceTimeoutLeast: 250,
  /**
   * 300,000 ms without a connection, then the session is over. Reason: longer than a tunnel or a restart, and
   * a bound on what is kept for those who never come back.
   */
  timeToLive: 300_000,
  /** 200 ms: the most that is waited before the second attempt to resume; doubles with each. */
  reconnectDelay: 200,
  /** 10,000 ms: what doubling ends at. Reason: who comes back is to be noticed soon. */
  reconnectDelayMost: 10_000,
  /**
   * 30 connections in a row that were lost soon and brought nothing further; then the session is over.
   * Reason: what ends them may be what is sent. Fixed.
   */
  fruitlessResumes: 30,
  /** 0 ms without use until the connection is dropped; 0 is never. Reason: the acceptor cannot call back. */
  idleTimeout: 0,
  /**
   * 30,000 ms: so often an initiator that dropped an idle connection looks whether the acceptor has something
   * to send. Reason: as late as that may be.
   */
  idlePoll: 30_000,
  /** 512 units, then a minor sync point. Reason: with the next, what is kept and confirmed late. */
  syncUnits: 512,
  /**
   * 1,048,576 octets (1 MiB), then a minor sync point. Reason: a point costs as much as several small calls.
   */
  syncOctets: 1_048_576,
  /**
   * 4 times its length a unit counts for that, if it is too long to be copied (`copiedOctets`). Reason: what
   * the sender made grows old meanwhile, and costs more to throw away. Fixed.
   */
  uncopiedWeight: 4,
  /** 8 minor sync points that wait for confirmation; then no further. Fixed. */
  openPoints: 8,
  /** 64 octets that every unit kept counts for beside its own. Reason: what keeping it costs. Fixed. */
  unitOctets: 64,
  /**
   * 32,768 octets: a unit up to that is copied when it is kept; of a longer one its parts are kept. Reason:
   * small messages that were gathered are mostly shorter, and two must fit a page. Fixed.
   */
  copiedOctets: 32_768,
  /** 65,536 octets of a page that copies lie in; those of a session that keeps less are smaller. Fixed. */
  pageOctets: 65_536,
  /** 64 pages that nothing lies in, of all sessions of the process, wait to be used again. Fixed. */
  sparePages: 64,
  /**
   * 8,388,608 octets kept for the other side; from there on `writable` is false. Reason: what fits a fast
   * link of long delay, and is not too much for a lost one.
   */
  retainedOctets: 8_388_608,
  /** 33,554,432 octets kept; a session that is given more is aborted. Reason: its user does not listen. */
  retainedOctetsMost: 33_554_432,
  /** 900,000: an activity whose serial numbers get there is ended, and the next started. Fixed. */
  renewSerial: 900_000,
  /** 999,999: the last serial number that six digits hold (X.225, PI 42). Fixed. */
  lastSerial: 999_999,
  /** 8 tickets that were replaced are remembered, so that their use by somebody else is noticed. Fixed. */
  deadTickets: 8,
  /** 10,000 sessions of one acceptor, suspended ones included. */
  sessions: 10_000,
  /** 1,000 sessions of one principal at one acceptor. */
  sessionsPerPrincipal: 1_000,
  /** 1,000 requests that wait for the authenticator; more are refused. Reason: it may be slow. */
  admissions: 1_000,
  /** 10,000 ms for the authenticator, then the request is refused. Reason: the caller is gone by then. */
  admissionTimeout: 10_000,
  /**
   * 100 ms before a resume is refused that names no session or has no good ticket. Reason: nobody shall tell
   * the one from the other by the time, or try many.
   */
  refusalDelay: 100,
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
  readonly addressPatience: number
  readonly handshakeTimeout: number
  readonly halfOpen: number
  readonly connectTsduOctets: number
  readonly spduOctets: number
  readonly dataHeaderOctets: number
  readonly userDataOctets: number
  readonly silenceTimeout: number
  readonly silenceTimeoutLeast: number
  readonly timeToLive: number
  readonly reconnectDelay: number
  readonly reconnectDelayMost: number
  readonly fruitlessResumes: number
  readonly idleTimeout: number
  readonly idlePoll: number
  readonly syncUnits: number
  readonly syncOctets: number
  readonly uncopiedWeight: number
  readonly openPoints: number
  readonly unitOctets: number
  readonly copiedOctets: number
  readonly pageOctets: number
  readonly sparePages: number
  readonly retainedOctets: number
  readonly retainedOctetsMost: number
  readonly renewSerial: number
  readonly lastSerial: number
  readonly deadTickets: number
  readonly sessions: number
  readonly sessionsPerPrincipal: number
  readonly admissions: number
  readonly admissionTimeout: number
  readonly refusalDelay: number
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
