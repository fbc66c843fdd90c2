// What one end of a simulated session sends, and what it is owed: units with a number, of either kind, of any
// length. It notices at once what comes twice, in the wrong order, or not as it was sent.

import type { Session, SessionEnd } from '../../../src/index.ts'
import type { SeededRandom } from '../../../src/testing/index.ts'

/** One end. */
export class Traffic {
  readonly session: Session
  readonly #random: SeededRandom
  peer: Traffic | undefined
  sent = 0
  received = 0
  /** The first thing that was wrong. */
  fault: string | undefined
  end: SessionEnd | undefined
  /** The most octets that may be kept. */
  most = 0
  hash = 0
  /** How often it was told that the connection is lost. */
  suspensions = 0
  #paused = false
  #stopped = false

  constructor(session: Session, random: SeededRandom) {
    this.session = session
    this.#random = random
    session.onSuspended(() => void this.suspensions++)
    session.listen({
      data: (ssdu) => this.#receive(ssdu, false),
      typedData: (ssdu) => this.#receive(ssdu, true),
      closed: (end) => (this.end = end),
    })
  }

  send(units: number): void {
    for (let unit = 0; unit < units && this.session.writable; unit++) {
      const octets = new Uint8Array(5 + this.#random.below(this.#random.chance(0.1) ? 900 : 30))
      const typed = isTyped(this.sent)
      new DataView(octets.buffer).setUint32(0, this.sent++)
      octets.fill(this.sent & 255, 4)
      this.most = Math.max(this.most, this.session.retained + octets.length + 64)
      if (typed) this.session.sendTyped([octets])
      else this.session.send([octets])
    }
  }

  /** Nothing more will be sent. */
  stop(): void {
    this.#stopped = true
  }

  togglePause(): void {
    if (this.#paused) this.goOn()
    else this.session.pause()
    this.#paused = !this.#paused
  }

  goOn(): void {
    this.#paused = false
    this.session.resume()
  }

  #receive(ssdu: Uint8Array, typed: boolean): void {
    const number = new DataView(ssdu.buffer, ssdu.byteOffset).getUint32(0)
    if (number !== this.received) this.#wrong(`unit ${number} where ${this.received} was due`)
    if (typed !== isTyped(number)) this.#wrong(`unit ${number} came as another kind`)
    if (ssdu.subarray(4).some((octet) => octet !== ((number + 1) & 255)))
      this.#wrong(`unit ${number} was changed`)
    this.hash = Math.imul(this.hash ^ ssdu.length, 0x01000193) + number
    this.received++
    // An answer from within the callback, now and then.
    if (this.#random.chance(0.02) && !this.#stopped) this.send(1)
  }

  #wrong(what: string): void {
    this.fault ??= `${this.session.role}: ${what}`
  }
}

function isTyped(number: number): boolean {
  return (Math.imul(number, 2_654_435_761) >>> 0) % 3 === 0
}
