// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `rpc`; each is a default that options may replace where its docstring says so. */
export const rpcLimits: RpcLimits = Object.freeze({
  nameLength: 128,
  valueDepth: 64,
  bigintOctets: 64 * 1024,
  arrayLength: 32 * 1024 * 1024,
  objectKeys: 1024 * 1024,
  decodeAllowance: 64 * 1024 * 1024,
  messagesPerSsdu: 65_536,
  keptOctets: 1024 * 1024,
  keptCalls: 1024,
  plainOctets: 4096,
  keptKeys: 256,
  batchLength: 32 * 1024,
  splicedOctets: 16 * 1024,
  observableBuffer: 1024,
  streamArguments: 64,
  errorTextLength: 8192,
  reasonLength: 256,
  dialogueNoteOctets: 8192,
  dialogueLabels: 256,
  activityPoints: 999_999,
  checkpointOctets: 4 * 1024 * 1024,
  heldItemOctets: 6 * 1024 * 1024,
  keptItemOctets: 4 * 1024 * 1024,
  activityWindow: 2 * 1024 * 1024,
  activityAttempts: 10,
  supersededCallers: 8,
  detachedActivities: 256,
  keptInputOctets: 8 * 1024 * 1024,
  activityIdLength: 256,
  activityIdLeast: 32,
  attempts: 3,
  keyLength: 256,
  settledCalls: 256,
  renewDelay: 200,
  renewDelayMost: 10_000,
  upkeepInterval: 60_000,
  sweptLedgers: 1000,
})

/** The bounds of one session; `serve` and `connect` take others as `limits`. */
export const sessionLimits: SessionLimits = Object.freeze({
  messageLength: 64 * 1024 * 1024 + 64 * 1024,
  streamWindow: 512 * 1024,
  concurrentCalls: 1024,
  queuedCalls: 65_536,
  boundMethods: 4096,
  dialogues: 64,
  activities: 64,
  metadataLength: 8192,
  closeTimeout: 2000,
  releaseTimeout: 10_000,
  drainTimeout: 30_000,
  drainRetry: 1000,
  admissionTimeout: 10_000,
  timeToLive: 300_000,
  silenceTimeout: 2500,
  idleTimeout: 0,
  retainedOctets: 8 * 1024 * 1024,
  retainedOctetsMost: 256 * 1024 * 1024,
  resultRetention: 24 * 60 * 60 * 1000,
})

/** The type of {@link sessionLimits}. */
export interface SessionLimits {
  /**
   * 67,174,400 octets (64 MiB and 64 KiB of room around it) in one RPC message. Reason: it must fit in
   * memory, on both sides, whole. Each side tells the other its own; what is longer is refused where it is
   * sent.
   */
  readonly messageLength: number
  /**
   * 524,288 octets (512 KiB) of items that may be under way in one stream toward this side. Reason: it is
   * what an idle consumer costs in memory, and what a round trip can be filled with.
   */
  readonly streamWindow: number
  /**
   * 1,024 calls that this side runs at once for its peer. Reason: each holds memory until its handler ends.
   */
  readonly concurrentCalls: number
  /** 65,536 calls that wait here until the peer has room for them. Reason: each holds its arguments. */
  readonly queuedCalls: number
  /** 4,096 methods that the peer may give a number. Reason: each number is kept as long as the session. */
  readonly boundMethods: number
  /** 64 dialogues at once that the peer may begin. Reason: each has a connection of its own. */
  readonly dialogues: number
  /** 64 activities at once that the peer may be connected to. Reason: each has a connection of its own. */
  readonly activities: number
  /**
   * 8,192 characters and octets of metadata with one call, names included. Reason: it is read before the call
   * is.
   */
  readonly metadataLength: number
  /**
   * 2,000 milliseconds that `close` waits for the peer's consent. Reason: a peer that is gone cannot consent.
   */
  readonly closeTimeout: number
  /**
   * 10,000 milliseconds that `release` waits for calls in progress and for the answer. Reason: people may be
   * asked.
   */
  readonly releaseTimeout: number
  /** 30,000 milliseconds for `drain`. Reason: what a deploy usually gives a process to end. */
  readonly drainTimeout: number
  /** 1,000 milliseconds until a client that declined a release is asked again. Reason: it has its reasons. */
  readonly drainRetry: number
  /**
   * 10,000 milliseconds for `authenticate`. Reason: somebody nobody knows yet must not hold a connection for
   * ever.
   */
  readonly admissionTimeout: number
  /**
   * 300,000 milliseconds without a connection, then the session is over; of both sides the shorter one
   * counts. Reason: longer than a tunnel or a restart, and a bound on what is kept for those who never come
   * back.
   */
  readonly timeToLive: number
  /**
   * 2,500 milliseconds without a sign of life until the connection is given up and another one is tried, 250
   * at least. Reason: a call is to notice before its user does.
   */
  readonly silenceTimeout: number
  /**
   * 0 milliseconds without use until the connection is dropped and the session kept; 0 is never. The next use
   * brings it back; what only the accepting side has to say waits for the other one to look, every 30
   * seconds. Reason: the accepting side cannot call back.
   */
  readonly idleTimeout: number
  /**
   * 8,388,608 octets (8 MiB) kept for a peer that has not confirmed them; from there on streams, calls and
   * answers wait. Reason: what fits a fast link of long delay, and is not too much for a lost one.
   */
  readonly retainedOctets: number
  /**
   * 86,400,000 milliseconds (24 hours), at least 300,000, that a durable store keeps what became of a call,
   * after its session was last there; and as long again that it is known to be gone. Reason: so long may a
   * client be away.
   */
  readonly resultRetention: number
  /** 268,435,456 octets (256 MiB) kept; then the session is aborted. Reason: its peer does not listen. */
  readonly retainedOctetsMost: number
}

/** {@link sessionLimits} with some replaced. Throws a TypeError for what is no whole number in range. */
export function resolveLimits(own: Partial<SessionLimits> | undefined): SessionLimits {
  if (own === undefined) return sessionLimits
  const limits = { ...sessionLimits, ...own }
  for (const [name, value] of Object.entries(limits)) {
    const least = LEAST.get(name) ?? 1
    if (!Number.isSafeInteger(value) || value < least) {
      throw new TypeError(`limits.${name}: ${String(value)} is not a whole number of at least ${least}`)
    }
  }
  return limits
}

/** What may be 0, and what must outlive an upkeep of the store. */
const LEAST: ReadonlyMap<string, number> = new Map([
  ['idleTimeout', 0],
  ['resultRetention', 300_000],
])

/** The type of {@link rpcLimits}. */
export interface RpcLimits {
  /**
   * 128 UTF-16 units in the name of a service or a method. Reason: it is bound by name once per session and
   * shown in errors. Fixed.
   */
  readonly nameLength: number
  /**
   * 64 levels; the message itself is the first, a call's list of arguments the second, an argument the third.
   * Reason: decoders of containers inside extensions nest, and so does most code that later reads such a
   * value. Fixed.
   */
  readonly valueDepth: number
  /**
   * 65,536 octets (524,288 bits) in one bigint. Reason: arithmetic on what a peer sent must not stall the
   * process. Fixed.
   */
  readonly bigintOctets: number
  /**
   * 33,554,432 elements in one array. Reason: beyond this engines keep arrays as hash tables, at 10 times the
   * memory. Fixed.
   */
  readonly arrayLength: number
  /**
   * 1,048,576 keys in one object. Reason: engines are slow beyond, and some end the process at 2^23. Fixed.
   */
  readonly objectKeys: number
  /**
   * 67,108,864 octets (64 MiB) that one message's values may take in memory beyond 8 times its length.
   * Reason: a million empty objects are 1 MB on the wire and 64 MB in memory. Replace with `msgpack({
   * decodeAllowance })`.
   */
  readonly decodeAllowance: number
  /**
   * 65,536 messages in one SSDU. Reason: more than `batchLength` leaves room for; each costs far more work
   * than its octets. Fixed.
   */
  readonly messagesPerSsdu: number
  /**
   * 1,048,576 octets (1 MiB) of encoder or decoder memory kept for re-use. Reason: one large message must not
   * hold its size for ever. Fixed.
   */
  readonly keptOctets: number
  /**
   * 1,024 places for calls in progress kept for re-use by each side of a session. Reason: one burst of calls
   * must not hold its size for ever. Fixed.
   */
  readonly keptCalls: number
  /**
   * 4,096 octets of a message that is encoded and decoded the short way, if it is plain. Reason: little is
   * lost when a larger one turns out not to be. Fixed.
   */
  readonly plainOctets: number
  /**
   * 256 keys of objects, of 31 octets at most, kept for re-use by a decoder. Reason: programs have few, and a
   * peer must not make them many. Fixed.
   */
  readonly keptKeys: number
  /**
   * 32,768 octets of messages that leave at once instead of at the end of the tick. Reason: the peer can
   * begin on them. Fixed.
   */
  readonly batchLength: number
  /**
   * 16,384 octets from which on a binary argument or result is sent from where it lies, without a copy.
   * Reason: below it a copy costs less than a part of its own. Fixed.
   */
  readonly splicedOctets: number
  /**
   * 1,024 values that an Observable may emit ahead of its consumer. Reason: an Observable cannot be told to
   * wait. Fixed.
   */
  readonly observableBuffer: number
  /**
   * 64 streams among the arguments of one call. Reason: each costs memory before its first item comes. Fixed.
   */
  readonly streamArguments: number
  /**
   * 256 characters of a reason, or of a label or a wish in a dialogue; what is longer is cut. Reason: they
   * are shown and kept. Fixed.
   */
  readonly reasonLength: number
  /**
   * 200 milliseconds: the most before the second attempt to come back to a restarted server; doubles. Fixed.
   */
  readonly renewDelay: number
  /** 10,000 milliseconds: what doubling ends at. Reason: who comes back is to be noticed soon. Fixed. */
  readonly renewDelayMost: number
  /** 60,000 milliseconds, give or take half, between two looks after what a store keeps. Fixed. */
  readonly upkeepInterval: number
  /** 1,000 ledgers freed at once. Reason: others wait for it. Fixed. */
  readonly sweptLedgers: number
  /**
   * 256 calls that have ended, then a server that records outcomes is told which it can forget. Reason: each
   * is a row in its store. Fixed.
   */
  readonly settledCalls: number
  /** 256 characters in the key of a call. Reason: it is kept as long as the outcome. Fixed. */
  readonly keyLength: number
  /**
   * 3 attempts at a call that takes the server down each time; then it is POISONED. Reason: one call must not
   * keep a server down. Fixed.
   */
  readonly attempts: number
  /** 8,192 octets of a problem's reason and details. Reason: they are read out of turn. Fixed. */
  readonly dialogueNoteOctets: number
  /**
   * 256 labels of points in one dialogue; of older points only the number is kept. Reason: a dialogue may
   * be long. Fixed.
   */
  readonly dialogueLabels: number
  /**
   * 999,999: the serial number from which on the checkpoints of an activity are not marked on its connection
   * any more; they are made all the same. Reason: X.225 has 6 digits. Fixed.
   */
  readonly activityPoints: number
  /** 4,194,304 octets (4 MiB) in the state of a checkpoint, or in an activity's result. Fixed. */
  readonly checkpointOctets: number
  /**
   * 6,291,456 octets (6 MiB) in one item of an activity, and, with `replay: 'discard'`, in the items that
   * wait for a checkpoint. Reason: a checkpoint is kept with the items that its caller may not have had.
   * Fixed.
   */
  readonly heldItemOctets: number
  /**
   * 4,194,304 octets (4 MiB) of items that the caller of an activity may not have had; from there on the
   * method waits, whatever credit the caller gives. Reason: a checkpoint is kept together with them. Fixed.
   */
  readonly keptItemOctets: number
  /**
   * 2,097,152 octets (2 MiB): the most of `streamWindow` that counts for the items of an activity. Reason:
   * less than the method waits at. Fixed.
   */
  readonly activityWindow: number
  /**
   * 10 times that an activity is gone on with from the same checkpoint, because its server was lost, or its
   * caller has lost it; then it is POISONED. Reason: it must not take down one server after the other.
   * Fixed.
   */
  readonly activityAttempts: number
  /**
   * 8 callers that had an activity before somebody else resumed it: what comes late of theirs does not take
   * it back. Reason: more do not follow each other within the time that something is under way. Fixed.
   */
  readonly supersededCallers: number
  /**
   * 256 activities that a server works on without a caller; the one that has been without for longest is put
   * down for the next. Reason: callers that come and go must not make them many. Fixed.
   */
  readonly detachedActivities: number
  /**
   * 8,388,608 octets (8 MiB) kept of a stream that an activity takes and that cannot be had again; of a
   * longer one, since the last checkpoint, the oldest items are forgotten. Reason: give a function instead,
   * and nothing has to be kept. Fixed.
   */
  readonly keptInputOctets: number
  /** 256 characters in the id of an activity. Reason: it is hashed at every beginning. Fixed. */
  readonly activityIdLength: number
  /** 32 characters at least in it. Reason: it is a secret. Fixed. */
  readonly activityIdLeast: number
  /** 8,192 characters of message and as many of stack in an error. Reason: errors are logged. Fixed. */
  readonly errorTextLength: number
}
