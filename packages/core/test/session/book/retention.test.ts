// What is kept for the other side, by position.

import { describe, expect, it } from 'vitest'

import { Retention, type Unit } from '../../../src/session/book/retention.ts'

function unit(octets: number): Unit {
  return { parts: [new Uint8Array(octets)], typed: false, octets }
}

describe('retention', () => {
  it('keeps units from the first that is not confirmed', () => {
    const kept = new Retention()
    const units = [unit(1), unit(20), unit(300)]
    for (const each of units) kept.keep(each)
    expect([kept.start, kept.end, kept.octets]).toEqual([0, 3, 321])
    kept.release(2)
    expect([kept.start, kept.end, kept.octets]).toEqual([2, 3, 300])
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
    expect([kept.start, kept.end, kept.octets]).toEqual([99_990, 100_000, 10])
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
})
