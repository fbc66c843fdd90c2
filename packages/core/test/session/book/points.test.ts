// Minor sync points: when they are due, and what they stand for.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../../src/index.ts'
import { Points } from '../../../src/session/book/points.ts'

describe('sync points', () => {
  it('are due after syncUnits units, or syncOctets octets', () => {
    const points = new Points(coreLimits)
    for (let unit = 1; unit < coreLimits.syncUnits; unit++) expect(points.sent(1)).toBe(false)
    expect(points.sent(1)).toBe(true)
    points.set(1, coreLimits.syncUnits, true)
    expect([points.due, points.uncovered]).toEqual([false, false])
    const { syncOctets, copiedOctets } = coreLimits
    for (let sent = copiedOctets; sent < syncOctets; sent += copiedOctets)
      expect(points.sent(copiedOctets)).toBe(false)
    expect(points.sent(copiedOctets)).toBe(true)
  })

  it('are due sooner after units of more than copiedOctets, by uncopiedWeight', () => {
    const { syncOctets, copiedOctets, uncopiedWeight } = coreLimits
    const points = new Points(coreLimits)
    const length = syncOctets / uncopiedWeight / 2
    expect(length).toBeGreaterThan(copiedOctets)
    expect([points.sent(length), points.sent(length)]).toEqual([false, true])
    points.set(1, 2, true)
    expect(Array.from({ length: 9 }, () => points.sent(copiedOctets))).not.toContain(true)
  })

  it('are not due while openPoints wait for their confirmation', () => {
    const points = new Points({ ...coreLimits, syncUnits: 1 })
    for (let serial = 1; serial <= coreLimits.openPoints; serial++) {
      expect(points.sent(1)).toBe(true)
      points.set(serial, serial, true)
    }
    expect(points.sent(1)).toBe(false)
    expect(points.open).toBe(coreLimits.openPoints)
    points.confirm(1)
    expect(points.due).toBe(true)
  })

  it('are confirmed together with those before', () => {
    const points = new Points(coreLimits)
    for (const [serial, position] of [
      [1, 10],
      [2, 25],
      [4, 30],
    ] as const)
      points.set(serial, position, true)
    expect([points.confirm(3), points.secured, points.open]).toEqual([25, 2, 1])
    expect([points.confirm(3), points.confirm(9), points.secured]).toEqual([undefined, 30, 4])
  })

  it('are secured by a position as well', () => {
    const points = new Points(coreLimits)
    points.set(5, 10, true)
    points.set(6, 20, true)
    points.reach(15)
    expect(points.secured).toBe(5)
    points.forget()
    expect([points.open, points.secured]).toEqual([0, 5])
    points.restart()
    expect(points.secured).toBe(0)
  })

  it('cover nothing when no confirmation is asked for', () => {
    const points = new Points(coreLimits)
    points.sent(1)
    points.set(1, 1, false)
    expect([points.uncovered, points.open]).toEqual([true, 0])
  })
})
