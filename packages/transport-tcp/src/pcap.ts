// A tap's sink that writes what crossed as a capture file, so that Wireshark shows the session PDUs. The
// packets are made up around the TSDUs (addresses, sequence numbers, CR and CC), since a tap sees no packets.
import { closeSync, openSync, writeSync } from 'node:fs'
import type { TapData, TapEvent, TapSink } from '@parley/core'
import { encodeConnect, encodeExpedited, parameterCode } from './cotp.ts'
import { HEADER_LENGTH, tpkt, writeHeader } from './framing.ts'
import { tcpLimits } from './limits.ts'
import { ACK, FIN, type Flow, newFlow, packet, PSH, RST, SYN, turned } from './packets.ts'

/** How the capture is written. */
export interface PcapOptions {
  /** The accepting side's port in the capture. Wireshark decodes 102, the default, without being told. */
  readonly port?: number
  /** Octets after which the file grows no more. Default: 1 GiB. */
  readonly maxLength?: number
}

/** A sink with a file to close. */
export interface PcapSink extends TapSink {
  /**
   * Closes the file; later events are passed over. Each event is on its way to the disk as soon as it is
   * heard.
   */
  close(): void
}

/**
 * Writes the capture file anew. Throws what `node:fs` throws when it cannot be opened; should writing fail
 * later, the process is warned once and the capture ends there.
 *
 *     const transport = tap(tcp({ port: 4000 }), pcap('session.pcap'))
 */
export function pcap(file: string, options: PcapOptions = {}): PcapSink {
  return new PcapFile(file, options)
}

/** LINKTYPE_RAW: the packets begin with their IP header. */
const LINK_TYPE = 101
const FILE_HEADER_LENGTH = 24
const RECORD_HEADER_LENGTH = 16
/** No packet is longer than IPv4 allows. */
const SNAP_LENGTH = 65_535

/** Octets of data in one DT of the capture: with its headers it fits an IPv4 packet. */
const DATA_LENGTH = 8189
const TPDU_SIZE_8192 = 13

class PcapFile implements PcapSink {
  readonly #file: string
  readonly #port: number
  readonly #maxLength: number
  readonly #flows = new Map<number, Flow>()
  #descriptor: number | undefined
  #written = 0
  /** Milliseconds since 1970 at the zero of the tap's clock. */
  #epoch: number | undefined

  constructor(file: string, { port = 102, maxLength = tcpLimits.pcapOctets }: PcapOptions) {
    this.#file = file
    this.#port = port
    this.#maxLength = maxLength
    this.#descriptor = openSync(file, 'w')
    this.#write([fileHeader()])
  }

  event(event: TapEvent): void {
    if (this.#descriptor === undefined) return
    this.#epoch ??= Date.now() - event.at
    const time = this.#epoch + event.at
    this.#write(this.#packetsOf(event).flatMap((octets) => [recordHeader(time, octets.length), octets]))
  }

  close(): void {
    if (this.#descriptor === undefined) return
    closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #packetsOf(event: TapEvent): Uint8Array[] {
    if (event.type === 'connected') {
      const flow = newFlow(event.role === 'initiator', event.connection, this.#port)
      this.#flows.set(event.connection, flow)
      return opening(event.role === 'initiator' ? flow : turned(flow))
    }
    const flow = this.#flows.get(event.connection)
    if (flow === undefined) return []
    if (event.type === 'data') return data(event.direction === 'sent' ? flow : turned(flow), event)
    this.#flows.delete(event.connection)
    return ending(flow, event.loss.by)
  }

  #write(parts: readonly Uint8Array[]): void {
    const octets = Buffer.concat(parts)
    if (this.#descriptor === undefined || this.#written + octets.length > this.#maxLength) return this.close()
    try {
      let at = 0
      while (at < octets.length) at += writeSync(this.#descriptor, octets, at)
      this.#written += octets.length
    } catch (error) {
      process.emitWarning(`the capture ${this.#file} ends early: ${String(error)}`)
      this.close()
    }
  }
}

/** TCP's three packets, then CR and CC. `flow` goes from the initiator. */
function opening(flow: Flow): Uint8Array[] {
  const back = turned(flow)
  const size = [[parameterCode.tpduSize, Uint8Array.of(TPDU_SIZE_8192)]] as const
  return [
    packet(flow, SYN),
    packet(back, SYN | ACK),
    packet(flow, ACK),
    packet(flow, PSH | ACK, tpkt(encodeConnect('CR', 0, 1, size))),
    packet(back, PSH | ACK, tpkt(encodeConnect('CC', 1, 1, size))),
  ]
}

/** One packet for each DT of the TSDU, or for its ED. */
function data(flow: Flow, { tsdu, expedited }: Pick<TapData, 'tsdu' | 'expedited'>): Uint8Array[] {
  if (expedited) return [packet(flow, PSH | ACK, tpkt(encodeExpedited(tsdu)))]
  const packets: Uint8Array[] = []
  for (let at = 0; at < tsdu.length; at += DATA_LENGTH) {
    const part = tsdu.subarray(at, at + DATA_LENGTH)
    const framed = new Uint8Array(HEADER_LENGTH + part.length)
    writeHeader(framed, 0, part.length, at + DATA_LENGTH >= tsdu.length)
    framed.set(part, HEADER_LENGTH)
    packets.push(packet(flow, PSH | ACK, framed))
  }
  return packets
}

/** TCP's way to end; a lost or broken connection is one that was reset. */
function ending(flow: Flow, by: string): Uint8Array[] {
  if (by === 'network' || by === 'protocol') return [packet(flow, RST | ACK)]
  const first = by === 'local' ? flow : turned(flow)
  return [packet(first, FIN | ACK), packet(turned(first), FIN | ACK), packet(first, ACK)]
}

function fileHeader(): Uint8Array {
  const header = Buffer.alloc(FILE_HEADER_LENGTH)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(SNAP_LENGTH, 16)
  header.writeUInt32LE(LINK_TYPE, 20)
  return header
}

function recordHeader(time: number, length: number): Uint8Array {
  const header = Buffer.alloc(RECORD_HEADER_LENGTH)
  const microseconds = Math.round(time * 1000)
  header.writeUInt32LE(Math.floor(microseconds / 1_000_000), 0)
  header.writeUInt32LE(microseconds % 1_000_000, 4)
  header.writeUInt32LE(length, 8)
  header.writeUInt32LE(length, 12)
  return header
}
