// One transport connection on one socket: class 0 of X.224 over TPKTs, either role, once and while it is
// open. It keeps no timer and no buffer while idle; its socket's listeners are shared by all connections.
import type { Socket } from 'node:net'
import type { Timer, TransportConnection, TransportListener, TransportLoss } from '@parley/core'
import {
  decodeTpdu,
  disconnectWords,
  encodeError,
  encodeExpedited,
  errorCause,
  errorWords,
  EXPEDITED_LENGTH,
  type TpduFault,
} from './cotp.ts'
import { DT_LENGTH, type FrameSink, TsduReader, tpkt } from './framing.ts'
import { tcpLimits } from './limits.ts'
import type { TcpSettings } from './options.ts'
import { Sender } from './sending.ts'
import { certificateOf } from './tls.ts'
import { errorWords as socketErrorWords } from './words.ts'

/** The part of the two roles that differs: getting to an open connection. */
export interface Opening {
  /** A TPDU came, and it is well formed. */
  control(connection: TcpConnection, tpdu: Uint8Array): void
  /** The connection ended before it was open. `cause` is what the socket reported. */
  failed(connection: TcpConnection, loss: TransportLoss, cause: Error | undefined): void
}

type Phase = 'opening' | 'open' | 'closing' | 'ended'

export class TcpConnection implements TransportConnection, FrameSink {
  remote: string
  /** Settled by CR and CC. */
  expedited = false
  maxTsduLength: number = tcpLimits.tsduOctets
  /** The reader may go on. */
  receiving = true
  readonly #socket: Socket
  readonly #settings: TcpSettings
  readonly #reader: TsduReader
  readonly #sender: Sender
  #phase: Phase = 'opening'
  #opening: Opening | undefined
  #listener: TransportListener | undefined
  /** The most octets of data in one DT. */
  #dataLength = 0
  /** Nothing was sent yet: the first TSDU opens a session, and both sides have much to do behind it. */
  #isFirst = true
  /** What came in one chunk with something after which delivery stopped. */
  #held: Uint8Array | undefined
  #paused = false
  #flushing = false
  #full = false
  /** EDs that have not left yet. */
  #expeditedWaiting = 0
  #onExpedited: (() => void) | undefined
  #expeditedFull = false
  /** Why the connection ends, once that is known and not yet told. */
  #loss: TransportLoss | undefined
  #linger: Timer | undefined

  constructor(socket: Socket, remote: string, settings: TcpSettings, opening: Opening) {
    this.#socket = socket
    this.remote = remote
    this.#settings = settings
    this.#opening = opening
    this.#reader = new TsduReader(this, settings.maxTpduSize)
    this.#sender = new Sender(socket)
    attach(socket, this)
  }

  /** CR and CC have been exchanged: TPDUs of this size may be sent, and EDs if both sides offered them. */
  open(tpduSize: number, expedited: boolean): void {
    this.expedited = expedited
    this.#opening = undefined
    this.#phase = 'open'
    this.#dataLength = tpduSize - DT_LENGTH
    this.#reader.connected = true
    this.receiving = false
    this.#socket.pause()
  }

  /** Sends a TPDU of the opening. */
  sendControl(tpdu: Uint8Array): void {
    this.#socket.write(tpkt(tpdu))
  }

  /** Gives up: sends a last TPDU, if there is one, and tells whoever listens. */
  fail(loss: TransportLoss, farewell?: Uint8Array, cause?: Error): void {
    if (this.#phase === 'ended') return
    if (farewell === undefined) this.#socket.destroy()
    else this.#end(tpkt(farewell))
    this.#phase = 'ended'
    this.receiving = false
    this.#held = undefined
    this.#loss = loss
    if (this.#opening === undefined) return this.#tell()
    this.#opening.failed(this, loss, cause)
    this.#opening = undefined
  }

  /** The peer's TPDU is invalid: says so with an ER, as class 0 asks (6.22.3), and gives up. */
  reject(fault: TpduFault, tpdu: Uint8Array, destination: number): void {
    this.fail(this.#protocolLoss(fault.message), encodeError(destination, fault, tpdu))
  }

  // The port

  get certificate(): Uint8Array | undefined {
    return certificateOf(this.#socket)
  }

  listen(listener: TransportListener): void {
    if (this.#listener !== undefined) throw new Error(`${this.remote} has been handed over already`)
    this.#listener = listener
    this.#flushSoon()
  }

  send(tsdu: readonly Uint8Array[]): boolean {
    if (this.#phase !== 'open' || this.#loss !== undefined) return false
    const room = this.#sender.send(tsdu, this.#dataLength, this.#isFirst)
    this.#isFirst = false
    if (!room && this.#socket.writableLength > this.#settings.highWaterMark) this.#full = true
    return !this.#full
  }

  /** In order with all else on the one TCP connection: it is never late, and overtakes nothing. */
  sendExpedited(data: Uint8Array): boolean {
    if (this.#phase !== 'open' || this.#loss !== undefined || !this.expedited) return false
    if (data.length === 0 || data.length > EXPEDITED_LENGTH) return !this.#expeditedFull
    this.#socket.write(tpkt(encodeExpedited(data)), (this.#onExpedited ??= () => this.#expeditedLeft()))
    if (++this.#expeditedWaiting > tcpLimits.expeditedWaiting) this.#expeditedFull = true
    return !this.#expeditedFull && !this.#full
  }

  pause(): void {
    if (this.#paused || this.#phase !== 'open') return
    this.#paused = true
    this.receiving = false
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#flushSoon()
  }

  close(): void {
    if (this.#phase !== 'open') return
    this.#phase = 'closing'
    this.receiving = false
    this.#held = undefined
    this.#loss = { by: 'local', message: 'closed by this side' }
    this.#end()
    if (this.#socket.closed) this.#flushSoon()
  }

  // What the reader finds

  tsdu(octets: Uint8Array): void {
    this.#listener?.data(octets)
  }

  control(tpdu: Uint8Array): void {
    if (this.#opening !== undefined) return this.#opening.control(this, tpdu)
    const decoded = decodeTpdu(tpdu, this.expedited)
    switch (decoded.type) {
      case 'ED':
        return this.#listener?.expeditedData?.(decoded.data)
      case 'DR':
        return this.fail({ by: 'peer', message: `the peer disconnected: ${disconnectWords(decoded.reason)}` })
      case 'ER':
        return this.fail({ by: 'protocol', message: `the peer found us wrong: ${errorWords(decoded.cause)}` })
      case 'fault':
        return this.reject(decoded, tpdu, 0)
      default: {
        const message = `a ${decoded.type} on an open connection`
        return this.reject({ type: 'fault', cause: errorCause.tpduType, upTo: 2, message }, tpdu, 0)
      }
    }
  }

  garbled(what: string): void {
    this.fail(this.#protocolLoss(what))
  }

  // What the socket reports

  received(chunk: Uint8Array): void {
    this.#sender.hasRead(chunk.length)
    if (this.receiving) this.#read(chunk)
    else if (this.#phase === 'open') this.#held = Buffer.concat([this.#held ?? NOTHING, chunk])
  }

  ended(): void {
    if (this.#phase === 'opening' || this.#phase === 'open') this.#lose(this.#reader.inside ? CUT : LEFT)
  }

  failedBy(error: Error): void {
    this.#lose(this.#loss ?? { by: 'network', message: socketErrorWords(error) }, error)
  }

  closed(): void {
    this.#linger?.cancel()
    this.#linger = undefined
    this.#lose(this.#loss ?? CUT)
  }

  drained(): void {
    if (!this.#full || this.#phase !== 'open') return
    this.#full = false
    if (!this.#expeditedFull) this.#listener?.drained()
  }

  /** The EDs have a count of their own: they are too small for the socket's. */
  #expeditedLeft(): void {
    if (--this.#expeditedWaiting > 0 || !this.#expeditedFull) return
    this.#expeditedFull = false
    if (!this.#full && this.#phase === 'open') this.#listener?.drained()
  }

  #read(chunk: Uint8Array): void {
    // Whoever else listens to the socket, to watch it say, has the chunk as well.
    const rest = this.#reader.read(chunk, this.#socket.listenerCount('data') > 1)
    if (this.#phase === 'open') this.#held = rest
  }

  /** The socket has ended, and nothing more will come. */
  #lose(loss: TransportLoss, cause?: Error): void {
    // An orderly end waits for the data before it to be delivered.
    if (this.#phase === 'open' && loss.by === 'peer' && this.#held !== undefined) this.#loss = loss
    else this.fail(loss, undefined, cause)
  }

  /**
   * Sends what waits, and perhaps a last TPDU, then closes; not waiting for ever. What arrives meanwhile is
   * dropped.
   */
  #end(farewell?: Uint8Array): void {
    const socket = this.#socket
    if (farewell === undefined) socket.end()
    else socket.end(farewell)
    socket.resume()
    this.#linger = this.#settings.clock.setTimer(tcpLimits.lingerTimeout, () => socket.destroy())
  }

  /** After the call that asks for it: delivery begins or goes on, and an end that waited is told. */
  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    queueMicrotask(() => {
      this.#flushing = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#listener === undefined) return
    if (this.#phase === 'ended') return this.#tell()
    if (this.#phase === 'closing' && this.#socket.closed) return this.closed()
    if (this.#phase !== 'open' || this.#paused) return
    this.receiving = true
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) this.#read(held)
    if (!this.receiving) return
    if (this.#loss !== undefined) this.#lose(this.#loss)
    else this.#socket.resume()
  }

  #tell(): void {
    const loss = this.#loss
    if (loss === undefined || this.#listener === undefined) return
    this.#loss = undefined
    this.#listener.disconnected(loss)
  }

  #protocolLoss(what: string): TransportLoss {
    return { by: 'protocol', message: `${WE_SPEAK}, the peer at ${this.remote} sent ${what}` }
  }
}

const WE_SPEAK = 'this side speaks RFC 1006 (TPKT)'
const NOTHING = new Uint8Array()
const LEFT: TransportLoss = { by: 'peer', message: 'the peer closed the connection' }
const CUT: TransportLoss = { by: 'network', message: 'the connection broke off' }

/** A socket and the connection on it. */
interface OwnedSocket extends Socket {
  [owner]?: TcpConnection
}

const owner = Symbol('the connection on this socket')

/** One function per event for all sockets: an idle connection costs no closures. */
function attach(socket: OwnedSocket, connection: TcpConnection): void {
  socket[owner] = connection
  socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose).on('drain', onDrain)
}

function onData(this: OwnedSocket, chunk: Uint8Array): void {
  this[owner]?.received(chunk)
}

function onEnd(this: OwnedSocket): void {
  this[owner]?.ended()
}

function onError(this: OwnedSocket, error: Error): void {
  this[owner]?.failedBy(error)
}

function onClose(this: OwnedSocket): void {
  this[owner]?.closed()
}

function onDrain(this: OwnedSocket): void {
  this[owner]?.drained()
}
