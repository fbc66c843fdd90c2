// The connecting role: TCP, then CR and CC, within one absolute time.
import { connect as connectSocket, type Socket } from 'node:net'
import {
  type AbortSignalLike,
  type Timer,
  type TransportConnection,
  TransportError,
  type TransportErrorCode,
  type TransportLoss,
} from '@parley/core'
import { type Opening, TcpConnection } from './connection.ts'
import {
  type ConnectTpdu,
  decodeTpdu,
  disconnectWords,
  encodeConnect,
  errorCause,
  errorWords,
  type Parameter,
  parameterCode,
  type TpduFault,
} from './cotp.ts'
import { expeditedParameter, hasExpedited, proposeSize, settleSize } from './negotiation.ts'
import type { TcpSettings } from './options.ts'
import { codeOf, DEFAULT_HOST, remoteWords, systemError, targetWords } from './words.ts'

/** Opens one transport connection. Rejects with a TransportError. */
export function connect(settings: TcpSettings, signal?: AbortSignalLike): Promise<TransportConnection> {
  if (signal?.aborted === true) {
    const message = `cannot connect to ${targetWords(settings)}: connecting was aborted`
    return Promise.reject(new TransportError('aborted', message, { cause: signal.reason }))
  }
  return new Promise((resolve, reject) => new Dial(settings, signal, resolve, reject))
}

const HANDSHAKE_CUT = 'the connection ended before TLS was there: does the peer speak it?'

/** The only connection of its socket needs no number of its own; 0 would mean none. */
const REFERENCE = 1

class Dial implements Opening {
  readonly #settings: TcpSettings
  readonly #signal: AbortSignalLike | undefined
  readonly #resolve: (connection: TransportConnection) => void
  readonly #reject: (error: TransportError) => void
  readonly #connection: TcpConnection
  readonly #timer: Timer
  readonly #onAbort = (): void => this.#giveUp('aborted', 'connecting was aborted', this.#signal?.reason)
  #settled = false
  /** TLS is asked for and not there yet. */
  #isInHandshake: boolean

  constructor(
    settings: TcpSettings,
    signal: AbortSignalLike | undefined,
    resolve: (connection: TransportConnection) => void,
    reject: (error: TransportError) => void,
  ) {
    this.#settings = settings
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#isInHandshake = settings.tls !== undefined
    const socket = openSocket(settings)
    this.#connection = new TcpConnection(socket, targetWords(settings), settings, this)
    this.#timer = settings.clock.setTimer(settings.connectTimeout, () => {
      this.#giveUp('timeout', `no answer within ${settings.connectTimeout} ms`)
    })
    socket.once(settings.tls === undefined ? 'connect' : 'secureConnect', () => {
      this.#isInHandshake = false
      this.#connection.remote = remoteWords(socket, settings)
      this.#connection.sendControl(encodeConnect('CR', 0, REFERENCE, this.#parameters()))
    })
  }

  control(connection: TcpConnection, tpdu: Uint8Array): void {
    const decoded = decodeTpdu(tpdu)
    switch (decoded.type) {
      case 'CC':
        return this.#confirmed(connection, decoded, tpdu)
      case 'DR':
        return this.#giveUp('refused', `the peer refused: ${disconnectWords(decoded.reason)}`)
      case 'ER':
        return this.#giveUp('protocol', `the peer found us wrong: ${errorWords(decoded.cause)}`)
      case 'fault':
        return connection.reject(decoded, tpdu, 0)
      default:
        return connection.reject(wrong(errorCause.tpduType, 2, 'a CR for an answer'), tpdu, 0)
    }
  }

  failed(_connection: TcpConnection, loss: TransportLoss, cause: Error | undefined): void {
    const attempt = this.#attempt
    if (this.#isInHandshake && (cause === undefined || codeOf(cause) === 'ECONNRESET')) {
      return this.#settle(new TransportError('refused', `${attempt}: ${HANDSHAKE_CUT}`, { cause }))
    }
    if (cause !== undefined) return this.#settle(systemError(attempt, 'unreachable', cause))
    const code = loss.by === 'protocol' ? 'protocol' : 'refused'
    this.#settle(new TransportError(code, `${attempt}: ${loss.message}`))
  }

  get #attempt(): string {
    return `cannot connect to ${targetWords(this.#settings)}`
  }

  #parameters(): Parameter[] {
    const { callingSelector, calledSelector, expedited, maxTpduSize } = this.#settings
    const parameters = proposeSize(maxTpduSize)
    if (callingSelector !== undefined) parameters.push([parameterCode.callingSelector, callingSelector])
    if (calledSelector !== undefined) parameters.push([parameterCode.calledSelector, calledSelector])
    if (expedited) parameters.push(expeditedParameter)
    return parameters
  }

  #confirmed(connection: TcpConnection, confirm: ConnectTpdu, tpdu: Uint8Array): void {
    const { destination, source } = confirm
    if (destination !== REFERENCE) {
      return connection.reject(
        wrong(errorCause.parameterValue, 4, 'a CC for another connection'),
        tpdu,
        source,
      )
    }
    if (confirm.class !== 0) {
      const message = `a CC for class ${confirm.class}, class 0 was asked for`
      return connection.reject(wrong(errorCause.parameterValue, 7, message), tpdu, source)
    }
    const size = settleSize(confirm.parameters, this.#settings.maxTpduSize)
    if (typeof size === 'string') {
      return connection.reject(wrong(errorCause.parameterValue, tpdu.length, size), tpdu, source)
    }
    // A CC may grant only what was asked for; what it says of the option unasked is ignored.
    connection.open(size, this.#settings.expedited && hasExpedited(confirm.parameters))
    this.#settle(connection)
  }

  #giveUp(code: TransportErrorCode, message: string, reason?: unknown): void {
    const options = reason === undefined ? undefined : { cause: reason }
    this.#settle(new TransportError(code, `${this.#attempt}: ${message}`, options))
    this.#connection.fail({ by: 'local', message })
  }

  #settle(outcome: TransportConnection | TransportError): void {
    if (this.#settled) return
    this.#settled = true
    this.#timer.cancel()
    this.#signal?.removeEventListener('abort', this.#onAbort)
    if (outcome instanceof TransportError) this.#reject(outcome)
    else this.#resolve(outcome)
  }
}

function openSocket({ address, tls, noDelay, keepAlive }: TcpSettings): Socket {
  if ('path' in address) return connectSocket({ path: address.path })
  const { port, host = DEFAULT_HOST } = address
  if (tls !== undefined) {
    const socket = tls.connect(port, host)
    // `node:tls` takes neither as an option.
    return socket.once('connect', () => {
      socket.setNoDelay(noDelay)
      if (keepAlive !== false) socket.setKeepAlive(true, keepAlive)
    })
  }
  const keeping = keepAlive === false ? {} : { keepAlive: true, keepAliveInitialDelay: keepAlive }
  return connectSocket({ port, host, noDelay, ...keeping })
}

function wrong(cause: number, upTo: number, message: string): TpduFault {
  return { type: 'fault', cause, upTo, message }
}
