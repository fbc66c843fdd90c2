// The one place where a transport connection, a clock and a machine meet. It does what the machine says, in order,
// keeps one timer for the machine's deadline, and knows nothing of the protocol.

import {
  SessionUsageError,
  type Indication,
  type Output,
  type Request,
  type SessionMachine,
} from '../machine/index.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { TransportConnection, TransportListener, TransportLoss } from '../ports/transport.ts'

/** Whom a driver serves: one that opens, one that answers, then the session connection. */
export interface DriverUser {
  /** The machine asks for a transport connection; {@link Driver.attach} or {@link Driver.unreachable} follows. */
  connect?(): void
  indicate(primitive: Indication): void
  drained(): void
  /** The transport connection is gone; nothing follows. */
  disconnected(): void
  /** A fault of this program: the session connection is over, the transport connection is being closed. */
  failed(error: unknown): void
}

/** Drives one machine on one transport connection. */
export class Driver implements TransportListener {
  user: DriverUser
  /** False after the transport said that enough waits to leave, until it says `drained`. */
  writable = true
  /** Why the transport connection ended, once it has. */
  loss: TransportLoss | undefined = undefined
  transport: TransportConnection | undefined = undefined
  readonly machine: SessionMachine
  readonly #clock: Clock
  #timer: Timer | undefined = undefined
  #armed: number | undefined = undefined
  /** The list being performed, if more than its last output is left to do. */
  #performing: Output[] | undefined = undefined
  /** The largest TSDU to accept once something was sent, which a peer has to earn; 0 when that is done. */
  #earned = 0

  constructor(machine: SessionMachine, clock: Clock, user: DriverUser) {
    this.machine = machine
    this.#clock = clock
    this.user = user
  }

  /** Asks the machine. Throws SessionUsageError, and nothing has changed, for a request that is not possible. */
  request(primitive: Request): void {
    try {
      this.#perform(this.machine.request(primitive, this.#clock.now()))
    } catch (error) {
      if (error instanceof SessionUsageError) throw error
      this.#fail(error)
    }
  }

  /**
   * Takes the transport connection, which must not have been listened to. `first` and `then` bound the TSDUs accepted,
   * in octets: until this side has sent something, and from then on.
   */
  attach(transport: TransportConnection, event: 'connected' | 'accepted', first: number, then: number): void {
    if (event === 'connected' && this.machine.state === 'STA01') return transport.close()
    this.transport = transport
    this.#earned = then
    transport.maxTsduLength = first
    transport.listen(this)
    this.#transportEvent(event, transport.expedited)
  }

  /** There will be no transport connection. */
  unreachable(): void {
    this.#transportEvent('lost', false)
  }

  data(tsdu: Uint8Array): void {
    try {
      this.#perform(this.machine.receive(tsdu, this.#clock.now()))
    } catch (error) {
      this.#fail(error)
    }
  }

  expeditedData(data: Uint8Array): void {
    try {
      this.#perform(this.machine.receive(data, this.#clock.now(), true))
    } catch (error) {
      this.#fail(error)
    }
  }

  drained(): void {
    this.writable = true
    this.user.drained()
  }

  disconnected(loss: TransportLoss): void {
    this.loss = loss
    this.writable = false
    this.#transportEvent('lost', false)
    this.#timer?.cancel()
    this.#timer = undefined
    this.user.disconnected()
  }

  #transportEvent(event: 'connected' | 'accepted' | 'lost', expedited: boolean): void {
    try {
      this.#perform(this.machine.transport(event, this.#clock.now(), expedited))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** In order, also when doing one makes our user ask for more: what that gives waits for what is left of this list. */
  #perform(outputs: Output[]): void {
    const [first] = outputs
    if (this.#performing !== undefined) {
      for (const output of outputs) this.#performing.push(output)
    } else if (outputs.length === 1 && first !== undefined) {
      this.#do(first)
    } else {
      this.#performing = outputs
      for (const output of outputs) this.#do(output)
      this.#performing = undefined
    }
    if (this.machine.deadline !== this.#armed) this.#rearm()
  }

  #do(output: Output): void {
    switch (output.do) {
      case 'indicate':
        return this.user.indicate(output.primitive)
      case 'send':
        return this.#send(output.tsdu, output.expedited)
      case 'connect':
        return this.user.connect?.()
      case 'disconnect':
        return this.transport?.close()
      case 'accept':
        // The port has no T-CONNECT response: a transport connection that is listened to is accepted.
        return
    }
  }

  #send(tsdu: readonly Uint8Array[], expedited: boolean): void {
    const transport = this.transport
    if (transport === undefined) return
    if (this.#earned !== 0) {
      transport.maxTsduLength = this.#earned
      this.#earned = 0
    }
    if (expedited) this.writable = transport.sendExpedited?.(joined(tsdu)) ?? false
    else this.writable = transport.send(tsdu)
  }

  #rearm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const deadline = this.machine.deadline
    this.#armed = deadline
    if (deadline === undefined) return
    this.#timer = this.#clock.setTimer(deadline - this.#clock.now(), () => {
      this.#timer = this.#armed = undefined
      try {
        this.#perform(this.machine.expire(this.#clock.now()))
      } catch (error) {
        this.#fail(error)
      }
    })
  }

  /** Our own bug ends this session connection and nothing else. The machine is not to be trusted with it. */
  #fail(error: unknown): void {
    this.#performing = undefined
    this.#timer?.cancel()
    this.#timer = undefined
    this.transport?.close()
    this.user.failed(error)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
