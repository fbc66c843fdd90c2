// Full jitter.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../../src/index.ts'
import { backoff } from '../../../src/session/book/backoff.ts'

describe('backoff', () => {
  it('is at once at first, then up to reconnectDelay, doubling up to reconnectDelayMost', () => {
    const most = Array.from({ length: 9 }, (_, failures) => backoff(failures, 0.999_999_9, coreLimits))
    expect(most).toEqual([0, 199, 399, 799, 1_599, 3_199, 6_399, 9_999, 9_999])
    expect(backoff(5_000, 0.5, coreLimits)).toBe(coreLimits.reconnectDelayMost / 2)
    expect(coreLimits.reconnectDelay).toBe(200)
  })

  it('may be nothing at any time', () => {
    expect([1, 5, 50].map((failures) => backoff(failures, 0, coreLimits))).toEqual([0, 0, 0])
  })
})
