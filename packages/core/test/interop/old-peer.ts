// A peer as one old reference stack is known to behave: right by the tables, but for three habits that others
// have to live with. It takes every length of three octets below 255 for a fault, counts V(A) one too low
// after a confirmation, and may answer an abandon with a number below V(M).

import {
  machineConfig,
  SessionMachine,
  type Indication,
  type MachineOptions,
  type Output,
  type Request,
} from '../../src/machine/index.ts'
import type { Spm } from '../../src/machine/spm.ts'
import type { TransportConnection, TransportListener } from '../../src/index.ts'
import { decodeTsdu, encodeTsdu, openingContext, type Spdu } from '../../src/spdu/index.ts'
import { join } from '../spdu/support.ts'
import { expectShortLengths } from './strict-lengths.ts'

/** The maximum size of a TSDU it proposes and accepts, in octets and both directions. */
export const OLD_TSDU = 2041

/** One end of a session connection, driven by a test. */
export class OldPeer implements TransportListener {
  readonly told: Indication[] = []
  /** The length of each TSDU that came. */
  readonly lengths: number[] = []
  /** What it subtracts from the serial number of its answer to an abandon. */
  abandonsBelow = 0
  readonly #machine: SessionMachine
  readonly #transport: TransportConnection

  constructor(transport: TransportConnection, options: MachineOptions = {}) {
    const maxTsdu = { send: OLD_TSDU, receive: OLD_TSDU }
    this.#machine = new SessionMachine(machineConfig({ maxTsdu, extended: false, ...options }))
    this.#transport = transport
  }

  /** Waits for a CONNECT. */
  accept(): void {
    this.#transport.listen(this)
    this.#perform(this.#machine.transport('accepted', 0))
  }

  /** Sends a CONNECT. */
  connect(request: Extract<Request, { readonly name: 'SCONreq' }>): void {
    this.#machine.request(request, 0)
    this.#transport.listen(this)
    this.#perform(this.#machine.transport('connected', 0))
  }

  ask(request: Request): void {
    const low = request.name === 'SRSYNrsp' && this.memory.Vrsp === 'a' ? this.abandonsBelow : 0
    const outputs = this.#machine.request(request, 0)
    if (low === 0) return this.#perform(outputs)
    this.memory.VA = this.memory.VM -= low
    this.#perform(outputs.map((output) => lowered(output, this.memory.VM)))
  }

  /** The machine's memory: where its habits are put. */
  get memory(): Spm {
    return this.#machine.variables as Spm
  }

  get state(): string {
    return this.#machine.state
  }

  data(tsdu: Uint8Array): void {
    expectShortLengths(tsdu)
    this.lengths.push(tsdu.length)
    const before = this.told.length
    this.#perform(this.#machine.receive(tsdu, 0))
    if (this.told.slice(before).some(({ name }) => name === 'SSYNmcnf')) this.memory.VA -= 1
  }

  drained(): void {}

  disconnected(): void {
    this.#perform(this.#machine.transport('lost', 0))
  }

  /** Its user answers every question at once, and yes. */
  #perform(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.do === 'send') this.#transport.send(output.tsdu)
      else if (output.do === 'disconnect') this.#transport.close()
      else if (output.do === 'indicate') {
        this.told.push(output.primitive)
        const answer = answers.get(output.primitive.name)
        if (answer !== undefined) this.ask(answer)
      }
    }
  }
}

const answers: ReadonlyMap<Indication['name'], Request> = new Map<Indication['name'], Request>([
  ['SSYNMind', { name: 'SSYNMrsp' }],
  ['SRSYNind', { name: 'SRSYNrsp' }],
  ['SRELind', { name: 'SRELrsp+' }],
])

/** The RESYNCHRONIZE ACK with this number. */
function lowered(output: Output, serialNumber: number): Output {
  if (output.do !== 'send') return output
  const [ack] = decodeTsdu(join(output.tsdu), openingContext)
  if (ack?.type !== 'RA' || ack.later === true) return output
  const low: Spdu<'RA'> = { ...ack, serialNumber }
  return { ...output, tsdu: encodeTsdu([low]) }
}
