// What the users sent each other and what came of it: nothing twice, nothing out of order, expedited data
// never behind normal data sent after it, and nothing lost unless something has happened that may lose it.

import type { Indication, Request } from '../../src/machine/index.ts'
import type { Side } from './link.ts'

/** After one of these, data may be thrown away. */
const DISRUPTIVE: ReadonlySet<Request['name']> = new Set([
  'SRSYNreq',
  'SACTIreq',
  'SACTDreq',
  'SUERreq',
  'SUABreq',
  'SRELreq',
])

/** One direction. */
interface Flow {
  /** Counts the SSDUs of all three kinds of data. */
  sent: number
  received: number
  lastNormal: number
  lastExpedited: number
}

export class Ledger {
  readonly #flows: { readonly [side in Side]: Flow } = { A: newFlow(), B: newFlow() }
  /** SSDUs numbered so far. */
  #number = 0
  #disrupted = false

  /** Octets of a new SSDU from `least` to `most`, with its number in front. */
  next(
    random: { below: (limit: number) => number; bytes: (length: number) => Uint8Array },
    least: number,
    most: number,
  ): Uint8Array {
    const octets = random.bytes(least + random.below(most - least + 1))
    new DataView(octets.buffer).setUint32(0, ++this.#number)
    return octets
  }

  /** The machine has taken a request. */
  asked(side: Side, request: Request): void {
    if ('data' in request) this.#flows[side].sent++
    if (DISRUPTIVE.has(request.name)) this.#disrupted = true
  }

  /** A transport connection has ended. */
  ended(_side: Side): void {
    this.#disrupted = true
  }

  /** What is wrong with an indication, or undefined. */
  told(_side: Side, from: Side, primitive: Indication): string | undefined {
    if (!('data' in primitive)) return undefined
    const flow = this.#flows[from]
    const { data, name } = primitive
    const number = new DataView(data.buffer, data.byteOffset).getUint32(0)
    flow.received++
    if (name === 'SEXind') {
      if (number <= flow.lastExpedited) return `expedited data ${number} after ${flow.lastExpedited}`
      if (number < flow.lastNormal) return `expedited data ${number} behind the later data ${flow.lastNormal}`
      flow.lastExpedited = number
      return undefined
    }
    if (number <= flow.lastNormal) return `${name} ${number} after ${flow.lastNormal}`
    flow.lastNormal = number
    return undefined
  }

  /** At a quiet moment: what is missing, or undefined. Then a new count begins. */
  settle(): string | undefined {
    const lost = (['A', 'B'] as const).filter((side) => this.#flows[side].sent > this.#flows[side].received)
    const [side] = lost
    const fault =
      side === undefined || this.#disrupted
        ? undefined
        : `of ${this.#flows[side].sent} SSDUs that ${side} sent ${this.#flows[side].received} arrived`
    for (const flow of [this.#flows.A, this.#flows.B]) flow.sent = flow.received = 0
    this.#disrupted = false
    return fault
  }
}

function newFlow(): Flow {
  return { sent: 0, received: 0, lastNormal: 0, lastExpedited: 0 }
}
