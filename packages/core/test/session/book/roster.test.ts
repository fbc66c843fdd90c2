// The sessions of an acceptor and their caps.

import { describe, expect, it } from 'vitest'

import { Roster } from '../../../src/session/book/roster.ts'

describe('roster', () => {
  it('has room up to sessions in all, and sessionsPerPrincipal for each', () => {
    const roster = new Roster<number>({ sessions: 4, sessionsPerPrincipal: 2 })
    roster.add('1', 'ann', 1)
    roster.add('2', 'ann', 2)
    expect([roster.hasRoom('ann'), roster.hasRoom('bob'), roster.hasRoom(undefined)]).toEqual([
      false,
      true,
      true,
    ])
    roster.add('3', undefined, 3)
    roster.add('4', '__proto__', 4)
    expect([roster.hasRoom('bob'), roster.hasRoom(undefined)]).toEqual([false, false])
    roster.remove('1', 'ann')
    roster.remove('1', 'ann')
    expect([roster.hasRoom('ann'), roster.get('2'), roster.values(), roster.size]).toEqual([
      true,
      2,
      [2, 3, 4],
      3,
    ])
  })

  it('counts nobody who has no session left', () => {
    const roster = new Roster<number>({ sessions: 10, sessionsPerPrincipal: 1 })
    for (let round = 0; round < 3; round++) {
      expect(roster.hasRoom('ann')).toBe(true)
      roster.add('1', 'ann', 1)
      expect(roster.hasRoom('ann')).toBe(false)
      roster.remove('1', 'ann')
    }
  })
})
