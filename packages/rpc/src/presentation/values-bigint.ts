// Bigints as octets: two's complement, most significant octet first, 8 octets for everything that fits.
import { rpcLimits } from '../limits.ts'
import { MalformedError, ValueError } from './codec.ts'

/** Throws {@link ValueError} beyond `rpcLimits.bigintOctets`. */
export function bigintToOctets(value: bigint): Uint8Array {
  if (BigInt.asIntN(64, value) === value) {
    const octets = new Uint8Array(8)
    new DataView(octets.buffer).setBigInt64(0, value)
    return octets
  }
  // By way of hexadecimal, since that conversion takes linear time. ~x has the octets of x inverted.
  const hex = (value < 0n ? ~value : value).toString(16)
  const length = Math.floor(hex.length / 2) + 1
  if (length > rpcLimits.bigintOctets) throw new ValueError([], tooLong(length))
  const digits = hex.padStart(length * 2, '0')
  const inverted = value < 0n ? 0xff : 0
  const octets = new Uint8Array(length)
  for (let i = 0; i < length; i++)
    octets[i] = ((digit(digits, 2 * i) << 4) | digit(digits, 2 * i + 1)) ^ inverted
  return octets
}

/** Throws {@link MalformedError} beyond `rpcLimits.bigintOctets`. */
export function bigintFromOctets(octets: Uint8Array): bigint {
  const { length } = octets
  if (length === 8) return new DataView(octets.buffer, octets.byteOffset, length).getBigInt64(0)
  if (length === 0 || length > rpcLimits.bigintOctets)
    throw new MalformedError(`a bigint of ${length} octets`)
  let hex = '0x'
  for (const octet of octets) hex += pairs[octet]
  return BigInt.asIntN(8 * length, BigInt(hex))
}

/** Every octet in hexadecimal. */
const pairs: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
)

function digit(hex: string, at: number): number {
  const code = hex.charCodeAt(at)
  return code < 0x3a ? code - 0x30 : code - 0x61 + 10
}

function tooLong(length: number): string {
  const most = rpcLimits.bigintOctets
  return `a bigint of ${length} octets cannot travel (at most ${most}); send its digits as octets`
}
