// What the session layer needs from the layer below: the transport service of ISO 8072, in four verbs.
// Types only. A transport delivers whole TSDUs, in order, once, or reports that the connection is lost.

/**
 * A way to reach or to offer a transport address. `tcp({...})` and `memory()` make one; both roles use the
 * same object.
 */
export interface Transport {
  /**
   * T-CONNECT request: opens one transport connection.
   * Rejects with a {@link TransportError} when it is refused, times out or `signal` aborts.
   */
  connect(signal?: AbortSignalLike): Promise<TransportConnection>
  /**
   * Offers the address. `onConnection` is called once for each transport connection that a peer opened, when
   * the transport's own negotiation is over. Rejects with a {@link TransportError} when the address cannot be
   * had.
   */
  listen(onConnection: (connection: TransportConnection) => void): Promise<TransportListening>
}

/** An address being offered. */
export interface TransportListening {
  /** The address in words, for people and logs: `tcp 127.0.0.1:4000`. */
  readonly address: string
  /** The port number, where the transport has one (useful after asking for port 0). */
  readonly port?: number | undefined
  /** Stops offering the address. Connections already open go on. */
  close(): Promise<void>
}

/** One transport connection, either role. */
export interface TransportConnection {
  /** Who is at the other end, in words: `tcp 127.0.0.1:51514`. */
  readonly remote: string
  /**
   * The certificate (X.509, DER) by which the peer has shown who it is; undefined where it has shown none, or
   * none that was verified. A transport without such a thing leaves it out.
   */
  readonly certificate?: Uint8Array | undefined
  /** True when transport expedited data was negotiated (TEXP of X.225). */
  readonly expedited: boolean
  /**
   * Hands the connection to its user; called once. Nothing is delivered before this call; what had arrived by
   * then is delivered after it returns (never inside it).
   */
  listen(listener: TransportListener): void
  /**
   * T-DATA request: the parts, in order, are one TSDU. The parts belong to the transport from here on and
   * must not be changed. A TSDU has at least one octet (ISO 8072): an empty one is not sent. Never throws;
   * after `close` or the loss of the connection it does nothing and returns false. Returns false when more
   * than the transport's high-water mark waits to leave: what was given is kept all the same, and `drained`
   * follows (unless the connection ends first).
   */
  send(tsdu: readonly Uint8Array[]): boolean
  /**
   * T-EXPEDITED-DATA request, 1 to 16 octets (nothing else is sent). Only where `expedited` is true. It
   * arrives before all normal data sent after it, and may overtake what was sent before; among itself it
   * keeps its order. For the rest as `send`.
   */
  sendExpedited?(data: Uint8Array): boolean
  /**
   * Stops delivery at once, also when called from within `data`, and soon reading, so that the peer's sends
   * fill up. While paused, an orderly end by the peer waits behind the data it follows; a loss of the network
   * does not wait, and takes what was held with it. Idempotent.
   */
  pause(): void
  /** Starts delivery again. Idempotent; delivers nothing inside the call. */
  resume(): void
  /**
   * The largest TSDU accepted from the peer from now on, in octets. A longer one ends the connection (`by:
   * 'protocol'`) before more than this is buffered. Set low for the handshake, then to the session's limit.
   * Default: the transport's own (64 MiB in ours).
   */
  maxTsduLength: number
  /**
   * T-DISCONNECT request: what was sent before still leaves if the link allows (the transport bounds the
   * wait); then the connection ends. After the call nothing is delivered but `disconnected`, later, never
   * inside it. Idempotent.
   */
  close(): void
}

/**
 * Who hears what a transport connection delivers. Its methods must not throw. Never called again after
 * `disconnected`.
 */
export interface TransportListener {
  /**
   * T-DATA indication: one whole TSDU, a plain Uint8Array (never a subclass of it). The octets are the
   * listener's to keep: their memory is not used again. They may be a view of a larger buffer, which then
   * stays as long as they do.
   */
  data(tsdu: Uint8Array): void
  /** T-EXPEDITED-DATA indication; the octets are the listener's to keep. Held back by `pause` as data is. */
  expeditedData?(data: Uint8Array): void
  /** After `send` returned false: there is room again. */
  drained(): void
  /** T-DISCONNECT indication, exactly once, also after our own `close`. */
  disconnected(loss: TransportLoss): void
}

/** Why a transport connection ended. */
export interface TransportLoss {
  /**
   * `local`: our own close. `peer`: an orderly end by the peer. `network`: reset, silence, or an end inside a
   * TSDU. `protocol`: the peer sent what this transport must not accept, or says that we did.
   */
  readonly by: 'local' | 'peer' | 'network' | 'protocol'
  /** One line for people, never with octets of the peer's unescaped. */
  readonly message: string
}

/** A transport connection or address that could not be had. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  /**
   * `refused` by the peer, `unreachable`, `timeout`, `aborted` by our own signal, `protocol` (the peer speaks
   * something else), `untrusted` (it cannot show that it is whom we call), `address` (cannot listen there).
   */
  readonly code: TransportErrorCode
  constructor(code: TransportErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** The reasons a transport gives for not connecting or listening. */
export type TransportErrorCode =
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'protocol'
  | 'untrusted'
  | 'address'

/** The part of a DOM AbortSignal that is used here; any AbortSignal fits. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
