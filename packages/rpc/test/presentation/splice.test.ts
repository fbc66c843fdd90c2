// Large binary values that a codec leaves out of a message's octets: put back in their
// places they make the message.
import { describe, expect, it } from 'vitest'
import { rpcLimits } from '../../src/limits.ts'
import type { Splice } from '../../src/presentation/codec.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'

const codec = msgpack()
const large = (fill: number): Uint8Array => new Uint8Array(rpcLimits.splicedOctets + fill).fill(fill)

function joined(message: readonly unknown[]): { octets: Uint8Array; splices: readonly Splice[] } {
  const splices: Splice[] = []
  const octets = codec.encode(message, splices)
  const parts: Uint8Array[] = []
  let at = 0
  for (const splice of splices) {
    parts.push(octets.slice(at, splice.from), splice.octets)
    at = splice.to
  }
  parts.push(octets.slice(at))
  return { octets: new Uint8Array(Buffer.concat(parts)), splices }
}

function decoded(octets: Uint8Array): unknown {
  let found: unknown
  codec.decode(octets, (message) => (found = message))
  return found
}

describe('splices', () => {
  it.each([
    ['one value alone', [large(1)]],
    ['values between others', [1, 7, 0, [{ a: large(1), b: 'x' }, large(2), [large(3)]], 'end']],
    ['one value twice', ((both) => [both, both])(large(4))],
  ])('of %s are the values as they lie, and the message is whole', (_, message) => {
    const { octets, splices } = joined(message)
    expect(splices.length).toBeGreaterThan(0)
    for (const splice of splices) expect(splice.octets.length).toBeGreaterThan(rpcLimits.splicedOctets)
    expect(decoded(octets)).toEqual(message)
  })

  it('are not made of values below splicedOctets, nor inside extensions', () => {
    const small = new Uint8Array(rpcLimits.splicedOctets - 1)
    const { octets, splices } = joined([
      small,
      new Map([['inside', large(5)]]),
      { odd: undefined, large: large(6) },
    ])
    expect(splices).toEqual([])
    expect(decoded(octets)).toEqual([
      small,
      new Map([['inside', large(5)]]),
      { odd: undefined, large: large(6) },
    ])
  })

  it('are not made unless asked for', () => {
    const message = [large(1)]
    expect(decoded(codec.encode(message).slice())).toEqual(message)
  })

  it('do not stay behind when a message cannot be encoded', () => {
    const splices: Splice[] = []
    expect(() => codec.encode([large(1), () => 1], splices)).toThrow(/1: a function/)
    expect(joined([large(2)]).splices).toHaveLength(1)
  })
})
