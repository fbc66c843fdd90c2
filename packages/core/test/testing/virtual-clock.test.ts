// The clock that tests move.
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/testing/index.ts'

describe('VirtualClock', () => {
  it('runs timers in the order of their time, and of their making where the times are equal', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    for (const [delay, name] of [
      [30, 'd'],
      [10, 'a'],
      [20, 'b'],
      [20, 'c'],
      [-5, 'first'],
    ] as const) {
      clock.setTimer(delay, () => ran.push(`${name}@${clock.now()}`))
    }
    clock.advance(25)
    expect(ran).toEqual(['first@0', 'a@10', 'b@20', 'c@20'])
    expect(clock.now()).toBe(25)
    clock.advance(5)
    expect(ran.at(-1)).toBe('d@30')
    clock.expectNothingLeft()
  })

  it('runs timers that timers set, when they fall due on the way', () => {
    const clock = new VirtualClock()
    let beats = 0
    const beat = (): void => {
      beats++
      clock.setTimer(1000, beat)
    }
    clock.setTimer(1000, beat)
    clock.advance(10_500)
    expect(beats).toBe(10)
    expect(clock.pending).toBe(1)
    expect(() => clock.expectNothingLeft()).toThrow('1 timers left, the first due at 11000 ms (now 10500 ms)')
  })

  it('forgets a cancelled timer, also one cancelled by another', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    const second = clock.setTimer(2, () => ran.push('second'))
    clock.setTimer(1, () => second.cancel())
    const third = clock.setTimer(3, () => ran.push('third'))
    clock.advance(5)
    third.cancel()
    third.cancel()
    expect(ran).toEqual(['third'])
  })

  it('lets promises settle between timers', async () => {
    const clock = new VirtualClock()
    const sleep = (delay: number): Promise<void> => new Promise((resolve) => clock.setTimer(delay, resolve))
    const at: number[] = []
    const run = async (): Promise<void> => {
      for (let round = 0; round < 5; round++) {
        await sleep(100)
        await Promise.resolve().then(() => Promise.resolve())
        at.push(clock.now())
      }
    }
    const running = run()
    await clock.advanceAsync(1000)
    await running
    expect(at).toEqual([100, 200, 300, 400, 500])
  })
})
