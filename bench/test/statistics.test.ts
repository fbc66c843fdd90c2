// The arithmetic of the comparison, by example.
import { describe, expect, it } from 'vitest'
import { figuresOf, median, ratios, values } from '../src/statistics.ts'

describe('median', () => {
  it('is the value in the middle, whatever the order', () => {
    expect(median([30, 10, 20])).toBe(20)
  })

  it('is halfway between the two in the middle', () => {
    expect(median([10, 40, 20, 30])).toBe(25)
  })

  it('sorts by value and not by text', () => {
    expect(median([9, 100, 10])).toBe(10)
  })

  it('is nothing for nothing', () => {
    expect(median([])).toBeUndefined()
  })
})

describe('figuresOf', () => {
  it('divides the sums, so that a long slice weighs more than a short one', () => {
    const slices = [
      { count: 100, seconds: 1, cpu: 1000, serverCpu: 600 },
      { count: 500, seconds: 2, cpu: 2000, serverCpu: 1200 },
    ]
    expect(figuresOf(slices)).toEqual({ rate: 200, clientCpu: 5, serverCpu: 3 })
  })

  it('has no server figure when client and server share a process', () => {
    const slices = [{ count: 10, seconds: 1, cpu: 100, serverCpu: undefined }]
    expect(figuresOf(slices)).toEqual({ rate: 10, clientCpu: 10 })
  })
})

describe('ratios', () => {
  const rounds = [
    { yardstick: { rate: 100 }, contender: { rate: 50 } },
    { yardstick: { rate: 10 }, contender: { rate: 6 } },
  ]

  it('pairs within a round, so that a slow spell of the machine cancels out', () => {
    expect(ratios(rounds, 'rate')).toEqual([0.5, 0.6])
    expect(values(rounds, 'rate')).toEqual([50, 6])
  })

  it('leaves out rounds where one side lacks the figure or the yardstick shows nothing', () => {
    expect(ratios(rounds, 'serverCpu')).toEqual([])
    expect(ratios([{ yardstick: { memory: 0 }, contender: { memory: 9 } }], 'memory')).toEqual([])
  })
})
