// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `transport-tcp`; each is a default that options may replace where its docstring says so. */
export const tcpLimits: TcpLimits = Object.freeze({
  tpduOctets: 65_531,
  tsduOctets: 64 * 1024 * 1024,
  controlOctets: 512,
  emptyTpdus: 64,
  selectorOctets: 32,
  highWaterMark: 1024 * 1024,
  expeditedWaiting: 64,
  copiedOctets: 16 * 1024,
  blockOctets: 64 * 1024,
  gatheredOctets: 128 * 1024,
  givenBackOctets: 16 * 1024,
  givenBackLead: 8 * 1024 * 1024,
  ballastOctets: 28 * 1024 * 1024,
  ballastRenewed: 2 * 1024 * 1024,
  ballastTrial: 256 * 1024 * 1024,
  ballastCollections: 3,
  ballastPatience: 8,
  connectTimeout: 5000,
  handshakeTimeout: 5000,
  lingerTimeout: 2000,
  keepAlive: 10_000,
  backlog: 511,
  halfOpen: 4096,
  halfOpenPerHost: 1024,
  pcapOctets: 1024 * 1024 * 1024,
})

/** The type of {@link tcpLimits}. */
export interface TcpLimits {
  /** 65,531 octets in one TPDU. Reason: what a TPKT's 16-bit length leaves. Lower it with `maxTpduSize`. */
  readonly tpduOctets: number
  /**
   * 67,108,864 octets (64 MiB) in one TSDU. Reason: as much as a large call needs, and a bound for a
   * stranger. Replace with `connection.maxTsduLength`.
   */
  readonly tsduOctets: number
  /**
   * 512 octets in a TPKT that holds no data. Reason: CR, CC, DR and ER are short; nothing larger is waited
   * for. Fixed.
   */
  readonly controlOctets: number
  /** 64 data TPDUs in a row without an octet of data. Reason: they cost work and bring nothing. Fixed. */
  readonly emptyTpdus: number
  /** 32 octets in a T-selector. Reason: ISO 8072's addresses end there. Fixed. */
  readonly selectorOctets: number
  /**
   * 1,048,576 octets (1 MiB) waiting to leave before `send` returns false. Reason: a slow reader must slow
   * its writer. Option `highWaterMark`.
   */
  readonly highWaterMark: number
  /**
   * 64 expedited TSDUs waiting to leave before `sendExpedited` returns false. Reason: they are signals; a
   * peer that takes none must slow who sends them. Fixed.
   */
  readonly expeditedWaiting: number
  /**
   * 16,384 octets: a TSDU up to this is copied behind its header. Reason: beyond it the copy costs more than
   * the second buffer of a gathering write. Fixed.
   */
  readonly copiedOctets: number
  /**
   * 65,536 octets written at once where many small TPDUs make up a TSDU. Reason: a buffer of its own for each
   * would cost more than its data. Fixed.
   */
  readonly blockOctets: number
  /**
   * 131,072 octets that wait to leave; then large TSDUs wait no longer for others while a full socket is read
   * piece by piece. Reason: fewer system calls, and still work for the other side meanwhile. Fixed.
   */
  readonly gatheredOctets: number
  /**
   * 16,384 octets: of what is read, pieces from this length on are freed as soon as they have been copied.
   * Reason: giving back takes a microsecond or two, which smaller ones are not worth. Fixed.
   */
  readonly givenBackOctets: number
  /**
   * 8,388,608 octets (8 MiB) by which a process must have received more in large TSDUs than in small ones
   * before any is freed so. Reason: from then on every access to a typed array is a little slower; small
   * messages feel that, large ones make up for it. Fixed.
   */
  readonly givenBackLead: number
  /**
   * 29,360,128 octets (28 MiB) that a process which receives large TSDUs may allocate and never touches, so
   * that they take no memory. Reason: V8 collects young buffers when there are 32 MiB of them, counting
   * these; the 4 MiB that are left it does not mistake for a full heap. Fixed.
   */
  readonly ballastOctets: number
  /**
   * 2,097,152 octets (2 MiB) received in large TSDUs, after which those are allocated anew. Reason: only
   * young buffers count, and buffers age quickly. Fixed.
   */
  readonly ballastRenewed: number
  /**
   * 268,435,456 octets (256 MiB) received in large TSDUs, after which it is judged whether to carry a
   * ballast. Reason: collections of the whole heap are counted, and come every 30 MiB or so where they come
   * often. Fixed.
   */
  readonly ballastTrial: number
  /**
   * 3 collections of the whole heap in a trial, from which on a ballast is tried. Reason: fewer cost less
   * than it does. Fixed.
   */
  readonly ballastCollections: number
  /**
   * 8 trials to wait after one in which a ballast saved too little; twice as many after the next. Reason:
   * what a process receives may change, and a trial in vain costs something. Fixed.
   */
  readonly ballastPatience: number
  /** 5,000 ms for the TCP connection and CR/CC together. Reason: a caller waits. Option `connectTimeout`. */
  readonly connectTimeout: number
  /**
   * 5,000 ms from accepting a TCP connection to the end of its CR, however it trickles. Reason: strangers
   * must not hold sockets. Option `handshakeTimeout`.
   */
  readonly handshakeTimeout: number
  /**
   * 2,000 ms from `close` to cutting a peer that neither reads nor closes. Reason: a close must end. Fixed.
   */
  readonly lingerTimeout: number
  /**
   * 10,000 ms of silence before the first TCP keep-alive probe. Reason: RFC 2126 asks for keep-alive; the
   * system's two hours are too long. Option `keepAlive`.
   */
  readonly keepAlive: number
  /** 511 connections waiting for the process to accept them. Reason: Node's own default. Option `backlog`. */
  readonly backlog: number
  /**
   * 4,096 accepted connections without a CR yet; the oldest makes room. Reason: some 16 MiB of sockets.
   * Option `maxHalfOpen`.
   */
  readonly halfOpen: number
  /**
   * 1,024 of them from one host; its oldest makes room. Reason: one host must not push out the others. Option
   * `maxHalfOpenPerHost`.
   */
  readonly halfOpenPerHost: number
  /**
   * 1,073,741,824 octets (1 GiB) in one pcap file; then it stops growing. Reason: a forgotten tap must not
   * fill the disk. Option `maxLength` of `pcap`.
   */
  readonly pcapOctets: number
}
