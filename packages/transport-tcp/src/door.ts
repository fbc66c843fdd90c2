// Who has come in at a listening address and not yet said who it is: answered where it asks for what is
// offered, turned away where it is too slow, one too many, or not ours.
import type { Socket } from 'node:net'
import type { Timer, TransportConnection, TransportLoss } from '@parley/core'
import { type Opening, TcpConnection } from './connection.ts'
import {
  type ConnectTpdu,
  decodeTpdu,
  disconnectReason,
  disconnectWords,
  encodeConnect,
  encodeDisconnect,
  errorCause,
  named,
  parameterCode,
} from './cotp.ts'
import { acceptsClass0, answerSize, expeditedParameter, hasExpedited } from './negotiation.ts'
import type { TcpRejection, TcpSettings } from './options.ts'
import { errorWords, remoteWords } from './words.ts'

/** One of them. */
export interface Waiting {
  /** Undefined on a Unix socket. */
  readonly host: string | undefined
  turnAway(code: TcpRejection['code'], message: string): void
}

/** Keeps all of them. */
export class Door {
  readonly #settings: TcpSettings
  readonly #onConnection: (connection: TransportConnection) => void
  /** Oldest first, as sets keep the order in which things were added. */
  readonly #waiting = new Set<Waiting>()
  readonly #perHost = new Map<string, Set<Waiting>>()

  constructor(settings: TcpSettings, onConnection: (connection: TransportConnection) => void) {
    this.#settings = settings
    this.#onConnection = onConnection
  }

  /** A socket that is ready for its CR, which has until `deadline`: a time of the clock. */
  accept(socket: Socket, deadline?: number): void {
    this.begin(new Visitor(socket, this.#settings, this, deadline))
  }

  /** Somebody has come in. */
  begin(visitor: Waiting): void {
    this.#waiting.add(visitor)
    const { maxHalfOpen, maxHalfOpenPerHost } = this.#settings
    const ofHost = this.#ofHost(visitor.host)
    ofHost?.add(visitor)
    if (ofHost !== undefined && ofHost.size > maxHalfOpenPerHost) crowdOut(ofHost, 'its host')
    if (this.#waiting.size > maxHalfOpen) crowdOut(this.#waiting, 'this address')
  }

  /** A visitor has become a connection. */
  admit(visitor: Waiting, connection: TransportConnection): void {
    this.leave(visitor)
    this.#onConnection(connection)
  }

  /** A visitor has been turned away, or has left. */
  turnedAway(visitor: Waiting, rejection: TcpRejection): void {
    this.leave(visitor)
    this.#settings.onRejected?.(rejection)
  }

  /** Accepting failed (too many open files, say); the next attempt may succeed. */
  failed(error: Error): void {
    this.#settings.onRejected?.({ remote: 'unknown', code: 'overload', message: errorWords(error) })
  }

  close(): void {
    for (const visitor of [...this.#waiting]) visitor.turnAway('overload', 'the address is no longer offered')
  }

  /** A visitor does not wait any more. */
  leave(visitor: Waiting): void {
    this.#waiting.delete(visitor)
    if (visitor.host === undefined) return
    const ofHost = this.#perHost.get(visitor.host)
    ofHost?.delete(visitor)
    if (ofHost?.size === 0) this.#perHost.delete(visitor.host)
  }

  #ofHost(host: string | undefined): Set<Waiting> | undefined {
    if (host === undefined) return undefined
    const known = this.#perHost.get(host)
    if (known !== undefined) return known
    const fresh = new Set<Waiting>()
    this.#perHost.set(host, fresh)
    return fresh
  }
}

function crowdOut(visitors: ReadonlySet<Waiting>, where: string): void {
  const [oldest] = visitors
  oldest?.turnAway('overload', `made room: ${visitors.size} connections of ${where} have not sent a CR`)
}

/** An accepted TCP connection that has yet to send its CR. */
class Visitor implements Opening, Waiting {
  readonly host: string | undefined
  readonly #settings: TcpSettings
  readonly #door: Door
  readonly #connection: TcpConnection
  readonly #timer: Timer
  #code: TcpRejection['code'] = 'gone'

  constructor(socket: Socket, settings: TcpSettings, door: Door, deadline?: number) {
    const { clock, handshakeTimeout } = settings
    const time = deadline === undefined ? handshakeTimeout : Math.max(0, deadline - clock.now())
    this.host = socket.remoteAddress
    this.#settings = settings
    this.#door = door
    this.#connection = new TcpConnection(socket, remoteWords(socket, settings), settings, this)
    // Absolute: a trickle of octets does not push it back.
    this.#timer = clock.setTimer(time, () => {
      this.turnAway('timeout', `no CR within ${handshakeTimeout} ms`)
    })
  }

  control(connection: TcpConnection, tpdu: Uint8Array): void {
    const decoded = decodeTpdu(tpdu)
    if (decoded.type === 'CR') return this.#answer(connection, decoded)
    const message = decoded.type === 'fault' ? decoded.message : `${named(decoded.type)} instead of a CR`
    const type = { type: 'fault', cause: errorCause.tpduType, upTo: 2, message } as const
    connection.reject(decoded.type === 'fault' ? decoded : type, tpdu, 0)
  }

  failed(connection: TcpConnection, loss: TransportLoss): void {
    this.#timer.cancel()
    const code = loss.by === 'protocol' ? 'protocol' : this.#code
    this.#door.turnedAway(this, { remote: connection.remote, code, message: loss.message })
  }

  turnAway(code: TcpRejection['code'], message: string, farewell?: Uint8Array): void {
    this.#code = code
    this.#connection.fail({ by: 'local', message }, farewell)
  }

  #answer(connection: TcpConnection, request: ConnectTpdu): void {
    const { parameters, source } = request
    if (!acceptsClass0(request.class, parameters)) {
      return this.#refuse(source, disconnectReason.negotiationFailed, `class ${request.class} was asked for`)
    }
    if (!this.#isCalled(parameters.get(parameterCode.calledSelector))) {
      return this.#refuse(source, disconnectReason.addressUnknown, 'another T-selector was called')
    }
    this.#timer.cancel()
    const { size, parameter } = answerSize(parameters, this.#settings.maxTpduSize)
    const expedited = this.#settings.expedited && hasExpedited(parameters)
    const answer = expedited ? [parameter, expeditedParameter] : [parameter]
    connection.sendControl(encodeConnect('CC', source, REFERENCE, answer))
    connection.open(size, expedited)
    this.#door.admit(this, connection)
  }

  #isCalled(selector: Uint8Array | undefined): boolean {
    const own = this.#settings.selector
    return own === undefined || (selector !== undefined && Buffer.compare(own, selector) === 0)
  }

  #refuse(source: number, reason: number, what: string): void {
    this.turnAway('refused', `${disconnectWords(reason)}: ${what}`, encodeDisconnect(source, reason))
  }
}

/** The only connection of its socket needs no number of its own; 0 would mean none. */
const REFERENCE = 1
