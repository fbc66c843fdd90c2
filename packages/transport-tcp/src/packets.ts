// IPv4 and TCP packets of a connection that never had any, for a capture file: correct lengths, sequence
// numbers and checksums, addresses from the block kept for documentation (RFC 5737).

/** One direction of a connection; {@link turned} is the other. Both share the sequence numbers. */
export interface Flow {
  readonly from: Side
  readonly to: Side
}

interface Side {
  readonly address: Uint8Array
  readonly port: number
  /** The sequence number of the next octet it sends. */
  next: number
}

/** TCP flags. */
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

const IP_LENGTH = 20
const TCP_LENGTH = 20
const TCP = 6
const FIRST_PORT = 49_152
const PORTS = 16_384
const WINDOW = 65_535

const INITIATOR = Uint8Array.of(192, 0, 2, 1)
const ACCEPTOR = Uint8Array.of(192, 0, 2, 2)

/** The flow away from this side, of the connection with that number. */
export function newFlow(isInitiator: boolean, connection: number, acceptorPort: number): Flow {
  const initiator = { address: INITIATOR, port: FIRST_PORT + (connection % PORTS), next: 0 }
  const acceptor = { address: ACCEPTOR, port: acceptorPort, next: 0 }
  return isInitiator ? { from: initiator, to: acceptor } : { from: acceptor, to: initiator }
}

export function turned({ from, to }: Flow): Flow {
  return { from: to, to: from }
}

/** The next packet of a flow. */
export function packet({ from, to }: Flow, flags: number, data: Uint8Array = NO_DATA): Uint8Array {
  const octets = Buffer.alloc(IP_LENGTH + TCP_LENGTH + data.length)
  octets[0] = 0x45
  octets.writeUInt16BE(octets.length, 2)
  octets.writeUInt16BE(0x4000, 6)
  octets[8] = 64
  octets[9] = TCP
  octets.set(from.address, 12)
  octets.set(to.address, 16)
  octets.writeUInt16BE(checksum(octets, 0, IP_LENGTH, 0), 10)
  const tcp = IP_LENGTH
  octets.writeUInt16BE(from.port, tcp)
  octets.writeUInt16BE(to.port, tcp + 2)
  octets.writeUInt32BE(from.next, tcp + 4)
  if ((flags & ACK) !== 0) octets.writeUInt32BE(to.next, tcp + 8)
  octets[tcp + 12] = (TCP_LENGTH / 4) << 4
  octets[tcp + 13] = flags
  octets.writeUInt16BE(WINDOW, tcp + 14)
  octets.set(data, tcp + TCP_LENGTH)
  const length = TCP_LENGTH + data.length
  octets.writeUInt16BE(checksum(octets, IP_LENGTH - 8, octets.length, TCP + length), tcp + 16)
  // SYN and FIN count as an octet each.
  from.next = (from.next + data.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)) >>> 0
  return octets
}

const NO_DATA = new Uint8Array()

/** RFC 1071's sum from `start` to `end`; TCP's begins with the addresses and what `initial` stands for. */
function checksum(octets: Uint8Array, start: number, end: number, initial: number): number {
  let sum = initial
  for (let at = start; at < end; at += 2)
    sum += ((octets[at] ?? 0) << 8) | (at + 1 < end ? (octets[at + 1] ?? 0) : 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
