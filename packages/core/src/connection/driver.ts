// The one place where a transport connection, a clock and a machine meet. It does what the machine says, in
// order, keeps one timer for the machine's deadline, and knows nothing of the protocol.

import { SessionUsageError, type Indication, type Output, type Request } from '../machine/index.ts'
import type { SessionMachine } from '../machine/index.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { TransportConnection, TransportListener, TransportLoss } from '../ports/transport.ts'

/** Whom a driver serves: one that opens, one that answers, then the session connection. */
export interface DriverUser {
  /** A transport connection is wanted; {@link Driver.attach} or {@link Driver.unreachable} follows. */
  connect?(): void
  indicate(primitive: Indication): void
  drained(): void
  /** The transport connection is gone; nothing follows. */
  disconnected(loss: TransportLoss): void
  /** A fault of this program: the session connection is over, the transport connection is being closed. */
  failed(error: unknown): void
}

/** Drives one machine on one transport connection. */
export class Driver implements TransportListener {
  user: DriverUser
  /** False after the transport said that enough waits to leave, until it says `drained`. */
  writable = true
  transport: TransportConnection | undefined = undefined
  loss: TransportLoss | undefined = undefined
  readonly machine: SessionMachine
  readonly #clock: Clock
  #timer: Timer | undefined = undefined
  #armed: number | undefined = undefined
  #performing: Output[] | undefined = undefined
  /** The largest TSDU to accept once something was sent; 0 when that is done. */
  #earned = 0

  constructor(machine: SessionMachine, clock: Clock, user: DriverUser) {
    this.machine = machine
    this.#clock = clock
    this.user = user
  }

  /** Asks the machine. Throws SessionUsageError, and changes nothing, for what is not possible. */
  request(primitive: Request): void {
    try {
      this.#perform(this.machine.request(primitive, this.#clock.now()))
    } catch (error) {
      if (error instanceof SessionUsageError) throw error
      this.#fail(error)
    }
  }

  /** Takes the transport connection. Its TSDUs have at most `first` octets, and `then` once we have sent. */
  attach(transport: TransportConnection, event: 'connected' | 'accepted', first: number, then: number): void {
    this.transport = transport
    this.#earned = then
    transport.maxTsduLength = first
    transport.listen(this)
    if (event === 'connected' && this.machine.state === 'STA01') return transport.close()
    this.#run(() => this.machine.transport(event, this.#clock.now(), transport.expedited))
  }

  /** There will be no transport connection. */
  unreachable(): void {
    this.#run(() => this.machine.transport('lost', this.#clock.now()))
  }

  data(tsdu: Uint8Array): void {
    try {
      this.#perform(this.machine.receive(tsdu, this.#clock.now()))
    } catch (error) {
      this.#fail(error)
    }
  }

  expeditedData(data: Uint8Array): void {
    this.#run(() => this.machine.receive(data, this.#clock.now(), true))
  }

  drained(): void {
    this.writable = true
    this.user.drained()
  }

  disconnected(loss: TransportLoss): void {
    this.loss = loss
    this.writable = false
    this.unreachable()
    this.#timer?.cancel()
    this.user.disconnected(loss)
  }

  #run(act: () => Output[]): void {
    try {
      this.#perform(act())
    } catch (error) {
      this.#fail(error)
    }
  }

  /** In order: what our user asks for meanwhile is done after the rest of this list. */
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

  /** 'accept' is done by listening: the port has no other T-CONNECT response. */
  #do(output: Output): void {
    if (output.do === 'indicate') this.user.indicate(output.primitive)
    else if (output.do === 'send') this.#send(output.tsdu, output.expedited)
    else if (output.do === 'disconnect') this.transport?.close()
    else if (output.do === 'connect') this.user.connect?.()
  }

  #send(tsdu: readonly Uint8Array[], expedited: boolean): void {
    const transport = this.transport
    if (transport === undefined) return
    if (this.#earned !== 0) [transport.maxTsduLength, this.#earned] = [this.#earned, 0]
    if (expedited) transport.sendExpedited?.(Uint8Array.from(tsdu.flatMap((part) => [...part])))
    else this.writable = transport.send(tsdu)
  }

  #rearm(): void {
    this.#timer?.cancel()
    const deadline = this.machine.deadline
    this.#armed = deadline
    if (deadline === undefined) return
    this.#timer = this.#clock.setTimer(deadline - this.#clock.now(), () => {
      this.#armed = undefined
      this.#run(() => this.machine.expire(this.#clock.now()))
    })
  }

  /** Our own bug ends this session connection and nothing else. The machine is not to be trusted with it. */
  #fail(error: unknown): void {
    this.#performing = undefined
    this.#timer?.cancel()
    this.transport?.close()
    this.user.failed(error)
  }
}
