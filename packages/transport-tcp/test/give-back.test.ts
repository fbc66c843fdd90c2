// Memory that is freed without waiting for the garbage collector, and memory that must not be.
import { describe, expect, it } from 'vitest'
import { giveBack, handedOver, putTogether } from '../src/give-back.ts'
import { tcpLimits } from '../src/index.ts'

const { givenBackLead, givenBackOctets } = tcpLimits

/** Whether a buffer of that many octets is given back now. */
function givesBack(octets: number): boolean {
  const buffer = new Uint8Array(octets)
  giveBack(buffer)
  return buffer.length === 0
}

describe('whether memory is given back at all', () => {
  it('is decided by the lead of large TSDUs of several DTs over all others, and then for good', () => {
    const given = (): boolean => givesBack(givenBackOctets)
    putTogether(givenBackLead - 1)
    handedOver(givenBackLead)
    putTogether(givenBackLead - 1)
    putTogether(givenBackOctets - 1)
    expect(given()).toBe(false)
    putTogether(givenBackOctets)
    expect(given()).toBe(true)
    handedOver(10 * givenBackLead)
    expect(given()).toBe(true)
  })
})

describe('giving memory back', () => {
  it('frees it at once', () => {
    const before = process.memoryUsage().arrayBuffers
    for (let round = 0; round < 100; round++) {
      const octets = Buffer.allocUnsafeSlow(givenBackOctets)
      giveBack(octets)
      expect(octets.length).toBe(0)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * givenBackOctets)
  })

  it('leaves alone what is shorter than givenBackOctets', () => {
    const octets = Buffer.allocUnsafeSlow(givenBackOctets - 1)
    giveBack(octets)
    expect(octets.length).toBe(givenBackOctets - 1)
  })

  it.each([
    ['at the start', 0, givenBackOctets],
    ['in the middle', 1, givenBackOctets + 1],
    ['at the end', 1, undefined],
  ])('leaves alone a part of a longer buffer, %s', (_where, from, to) => {
    const whole = new Uint8Array(givenBackOctets + (to === undefined ? 1 : 2))
    giveBack(whole.subarray(from, to))
    expect(whole.length).toBeGreaterThan(givenBackOctets)
  })

  it('leaves alone what is shared with other threads', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(givenBackOctets))
    giveBack(shared)
    expect(shared.length).toBe(givenBackOctets)
  })
})
