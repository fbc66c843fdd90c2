// Signs of life, counted in ticks.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../../src/index.ts'
import { Liveness, type Beat } from '../../../src/session/book/liveness.ts'

/** What the ticks say until the link is lost, at most so many. */
function ticks(life: Liveness, most: number, deaf = false, mute = false): Beat[] {
  const beats: Beat[] = []
  while (beats.length < most && beats.at(-1) !== 'lost') beats.push(life.pass(deaf, mute))
  return beats
}

describe('liveness', () => {
  it('notices silence within silenceTimeout, and not before four fifths of it', () => {
    const life = new Liveness(coreLimits.silenceTimeout, coreLimits.silenceTimeout)
    expect(life.tick).toBe(500)
    life.heard = true
    // Heard just before the first tick, or just after the one before it: 2,000 to 2,500 ms.
    expect(ticks(life, 20).length).toBe(5)
  })

  it('beats once a second when nothing is sent', () => {
    const life = new Liveness(coreLimits.silenceTimeout, coreLimits.silenceTimeout)
    const beats = Array.from({ length: 8 }, () => {
      life.heard = true
      const beat = life.pass(false, false)
      if (beat === 'beat') life.sent = true
      return beat
    })
    expect(beats).toEqual(['beat', 'nothing', 'beat', 'nothing', 'beat', 'nothing', 'beat', 'nothing'])
  })

  it('beats often enough for the one who bears least, whoever that is', () => {
    const fast = new Liveness(60_000, 1_000)
    expect([fast.tick, ticks(fast, 2)]).toEqual([200, ['beat', 'beat']])
    expect(ticks(new Liveness(60_000, 1_000), 1_000).length).toBe(299)
    const slow = new Liveness(1_000, 60_000)
    expect([slow.tick, ticks(slow, 20).length]).toEqual([200, 4])
  })

  it('takes no silence for death when we do not listen, and waits longer for who cannot speak', () => {
    expect(ticks(new Liveness(2_500, 2_500), 100, true).includes('lost')).toBe(false)
    expect(ticks(new Liveness(2_500, 2_500), 100, false, true).length).toBe(40)
  })
})
