// What a user of this transport can set, and the settings made of it. Options are read once, own properties
// only.
import { type Clock, systemClock } from '@parley/core'
import { tcpLimits } from './limits.ts'
import { readTls, type TcpTls, type TlsSettings } from './tls.ts'

/** An address and how to treat it. Either `port` (with or without `host`) or `path`. */
export interface TcpOptions {
  /** The TCP port: 0 to 65535; listening on 0 takes a free one. RFC 1006's own, 102, needs privileges. */
  readonly port?: number
  /**
   * A name, an IPv4 address or an IPv6 address (`::1`, no brackets). Default: connecting, `localhost`;
   * listening, all of this machine's addresses, as `node:net` does. Give `127.0.0.1` or `::1` to be reached
   * from this machine only.
   */
  readonly host?: string
  /** A Unix socket's path, or a Windows pipe's, instead of `port` and `host`. */
  readonly path?: string
  /**
   * Encrypt what crosses, and know whom one talks to. True: with Node's own settings, for connecting to a
   * server whose certificate is signed by an authority that Node knows. Needs `port`. Default: false.
   */
  readonly tls?: boolean | TcpTls
  /** Connecting: our own T-selector, up to 32 octets; text is sent as UTF-8. Default: none. */
  readonly callingSelector?: string | Uint8Array
  /** Connecting: the T-selector of whom we call, up to 32 octets. Default: none. */
  readonly calledSelector?: string | Uint8Array
  /** Listening: the one T-selector that is answered; others are refused. Default: any, and none. */
  readonly selector?: string | Uint8Array
  /** The largest TPDU to agree to, in octets: 128 to 65,531. Default: 65,531. */
  readonly maxTpduSize?: number
  /**
   * Offer transport expedited data (the ED TPDU of RFC 1006): it is there when both sides offer it. The
   * session service then has its expedited data, and no reuse of the transport connection. Default: false.
   */
  readonly expedited?: boolean
  /** Send small TPDUs at once (TCP_NODELAY). Default: true. */
  readonly noDelay?: boolean
  /** Milliseconds of silence before TCP probes whether the peer is there; false: never. Default: 10,000. */
  readonly keepAlive?: number | false
  /** Connecting: milliseconds for the TCP connection, TLS, and CR/CC together. Default: 5,000. */
  readonly connectTimeout?: number
  /**
   * Listening: milliseconds from accepting a TCP connection to the end of its CR, TLS included. Default:
   * 5,000.
   */
  readonly handshakeTimeout?: number
  /**
   * Octets that may wait to leave before `send` returns false. At least the socket's own 16 KiB. Default: 1
   * MiB.
   */
  readonly highWaterMark?: number
  /** Listening: connections that may wait for the process to accept them. Default: 511. */
  readonly backlog?: number
  /**
   * Listening: accepted connections that have not yet sent their CR; one more closes the oldest. Default:
   * 4,096.
   */
  readonly maxHalfOpen?: number
  /** The same for one remote address. Default: 1,024. */
  readonly maxHalfOpenPerHost?: number
  /** Listening: hears of connections turned away. Must not throw. Default: nobody is told. */
  readonly onRejected?: (rejection: TcpRejection) => void
  /** The clock of the timeouts. Default: the real one. */
  readonly clock?: Clock
}

/** A connection that was accepted by TCP and turned away before it became a transport connection. */
export interface TcpRejection {
  /** Who it was, in words: `tcp 127.0.0.1:51514`. */
  readonly remote: string
  /**
   * `protocol`: it spoke something else, or spoke wrongly. `refused`: it asked for what is not offered.
   * `timeout`: it did not finish in time. `overload`: it had to make room. `gone`: it left again.
   */
  readonly code: 'protocol' | 'refused' | 'timeout' | 'overload' | 'gone'
  /** One line for people, never with octets of the peer's unescaped. */
  readonly message: string
}

/** The options with their defaults, checked. */
export interface TcpSettings {
  readonly address: { readonly port: number; readonly host: string | undefined } | { readonly path: string }
  readonly tls: TlsSettings | undefined
  readonly callingSelector: Uint8Array | undefined
  readonly calledSelector: Uint8Array | undefined
  readonly selector: Uint8Array | undefined
  readonly maxTpduSize: number
  readonly expedited: boolean
  readonly noDelay: boolean
  readonly keepAlive: number | false
  readonly connectTimeout: number
  readonly handshakeTimeout: number
  readonly highWaterMark: number
  readonly backlog: number
  readonly maxHalfOpen: number
  readonly maxHalfOpenPerHost: number
  readonly onRejected: ((rejection: TcpRejection) => void) | undefined
  readonly clock: Clock
}

/** Checks the options. Throws TypeError or RangeError naming the option that is wrong. */
export function readOptions(options: TcpOptions): TcpSettings {
  const own: TcpOptions = Object.assign(Object.create(null) as object, options)
  const number = (name: NumberOption, fallback: number, least: number, most: number): number =>
    whole(name, own[name] ?? fallback, least, most)
  return Object.freeze({
    address: readAddress(own),
    tls: readTls(own.tls),
    callingSelector: readSelector('callingSelector', own.callingSelector),
    calledSelector: readSelector('calledSelector', own.calledSelector),
    selector: readSelector('selector', own.selector),
    maxTpduSize: number('maxTpduSize', tcpLimits.tpduOctets, 128, tcpLimits.tpduOctets),
    expedited: own.expedited === true,
    noDelay: own.noDelay ?? true,
    keepAlive: own.keepAlive === false ? false : number('keepAlive', tcpLimits.keepAlive, 1, LONGEST),
    connectTimeout: number('connectTimeout', tcpLimits.connectTimeout, 1, LONGEST),
    handshakeTimeout: number('handshakeTimeout', tcpLimits.handshakeTimeout, 1, LONGEST),
    highWaterMark: number('highWaterMark', tcpLimits.highWaterMark, 0, LONGEST),
    backlog: number('backlog', tcpLimits.backlog, 1, 65_535),
    maxHalfOpen: number('maxHalfOpen', tcpLimits.halfOpen, 1, LONGEST),
    maxHalfOpenPerHost: number('maxHalfOpenPerHost', tcpLimits.halfOpenPerHost, 1, LONGEST),
    onRejected: own.onRejected,
    clock: own.clock ?? systemClock,
  })
}

type NumberOption =
  | 'maxTpduSize'
  | 'keepAlive'
  | 'connectTimeout'
  | 'handshakeTimeout'
  | 'highWaterMark'
  | 'backlog'
  | 'maxHalfOpen'
  | 'maxHalfOpenPerHost'

const LONGEST = 2 ** 31 - 1

function readAddress({ port, host, path, tls }: TcpOptions): TcpSettings['address'] {
  if (path !== undefined) {
    if (port !== undefined || host !== undefined) throw new TypeError('give either path, or port and host')
    if (tls !== undefined && tls !== false) throw new TypeError('tls goes with a port, not with a path')
    if (path === '') throw new TypeError('path is empty')
    return { path }
  }
  if (port === undefined) throw new TypeError('give a port or a path')
  return { port: whole('port', port, 0, 65_535), host }
}

function readSelector(name: string, selector: string | Uint8Array | undefined): Uint8Array | undefined {
  if (selector === undefined) return undefined
  const octets = typeof selector === 'string' ? new TextEncoder().encode(selector) : selector
  if (octets.length >= 1 && octets.length <= tcpLimits.selectorOctets) return octets
  throw new RangeError(`${name} has 1 to ${tcpLimits.selectorOctets} octets, not ${octets.length}`)
}

function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${String(value)}`)
}
