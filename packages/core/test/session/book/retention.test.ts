// What is kept for the other side, by position.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../../src/limits.ts'
import { Retention, type Unit } from '../../../src/session/book/retention.ts'
import { seeded } from '../../../src/testing/random.ts'

const { copiedOctets, unitOctets } = coreLimits

function unit(length: number, octet = 0, typed = false): Unit {
  return { parts: [new Uint8Array(length).fill(octet)], typed, length }
}

describe('retention', () => {
  it('keeps units from the first that is not confirmed', () => {
    const kept = new Retention()
    const units = [unit(1), unit(20), unit(300)]
    for (const each of units) kept.keep(each)
    expect([kept.start, kept.end, kept.octets]).toEqual([0, 3, 321 + 3 * unitOctets])
    kept.release(2)
    expect([kept.start, kept.end, kept.octets]).toEqual([2, 3, 300 + unitOctets])
    expect([kept.at(1), kept.at(2), kept.at(3)]).toEqual([undefined, units[2], undefined])
  })

  it('takes no notice of positions that are behind or not there yet', () => {
    const kept = new Retention()
    kept.keep(unit(1))
    kept.keep(unit(1))
    kept.release(1)
    kept.release(0)
    kept.release(3)
    expect([kept.start, kept.end]).toEqual([1, 2])
  })

  it('forgets what is confirmed, also when it is never empty', () => {
    const kept = new Retention()
    for (let position = 0; position < 100_000; position++) {
      kept.keep(unit(1))
      if (position >= 10) kept.release(position - 9)
    }
    expect([kept.start, kept.end, kept.octets]).toEqual([99_990, 100_000, 10 * (1 + unitOctets)])
    for (let position = kept.start; position < kept.end; position++) expect(kept.at(position)).toBeDefined()
    kept.clear()
    expect([kept.start, kept.octets]).toEqual([100_000, 0])
  })

  it('says when no position is left', () => {
    const kept = new Retention(Number.MAX_SAFE_INTEGER - 1)
    expect(kept.exhausted).toBe(false)
    kept.keep(unit(1))
    expect(kept.exhausted).toBe(true)
  })

  it('copies units up to copiedOctets, and keeps longer ones as they lie', () => {
    const kept = new Retention()
    const short: Unit = {
      parts: [new Uint8Array(copiedOctets - 1), Uint8Array.of(7)],
      typed: false,
      length: copiedOctets,
    }
    const long = unit(copiedOctets + 1)
    kept.keep(short)
    kept.keep(long)
    const [copy] = kept.at(0)?.parts ?? []
    expect(copy).toHaveLength(copiedOctets)
    expect(copy?.at(-1)).toBe(7)
    expect(kept.at(1)?.parts).toBe(long.parts)
  })

  it('holds on to little where little is kept', () => {
    const busy = unit(9_000)
    const small = unit(10)
    const many = Array.from({ length: 200 }, () => new Retention())
    for (const kept of many) {
      for (let i = 0; i < 20; i++) kept.keep(busy)
      kept.clear()
      // From now on one small unit at a time.
      for (let i = 0; i < 10; i++) {
        kept.keep(small)
        kept.clear()
      }
    }
    const before = process.memoryUsage().arrayBuffers
    for (const kept of many) kept.keep(small)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 2_048)
  })

  it('gives every unit back as it was, whatever else uses the same memory', () => {
    const { below, chance, pick } = seeded(11)
    const sides = [0, 1, 2].map(() => ({ kept: new Retention(), units: [] as Unit[] }))
    const handedOut: { readonly unit: Unit | undefined; readonly expected: Unit }[] = []
    for (let step = 0; step < 20_000; step++) {
      const { kept, units } = pick(sides)
      const kind = below(100)
      if (kind < 70) {
        const length = 1 + below(pick([50, 2_000, copiedOctets * 2]))
        units.push(unit(length, step % 251, chance(0.3)))
        kept.keep(units.at(-1) as Unit)
      } else if (kind < 90) kept.release(kept.start + below(kept.end - kept.start + 1))
      else if (kind === 90) kept.clear()
      else if (kept.start < kept.end) {
        const position = kept.start + below(kept.end - kept.start)
        handedOut.push({ unit: kept.at(position), expected: units[position] as Unit })
      }
    }
    expect(handedOut.length).toBeGreaterThan(1_000)
    // In the end: what was handed out is not used again either.
    const wrong = handedOut.filter(({ unit: given, expected }) => !isSame(given, expected))
    expect(wrong).toEqual([])
  })
})

function isSame(given: Unit | undefined, { parts, typed, length }: Unit): boolean {
  const [octets] = given?.parts ?? []
  return (
    given?.typed === typed && octets?.length === length && octets.every((octet) => octet === parts[0]?.[0])
  )
}
