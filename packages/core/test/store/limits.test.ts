// The bounds of stores, as numbers: what the contract suite and the queue's tests go up to.
import { expect, it } from 'vitest'
import { storeLimits } from '../../src/index.ts'

it('has the bounds that the port promises', () => {
  const { idOctets, headOctets, hashOctets, entryOctets, entries } = storeLimits
  expect([idOctets, headOctets, hashOctets, entryOctets, entries]).toEqual([
    512,
    65_536,
    64,
    16 * 1024 * 1024,
    1024,
  ])
  const { changes, writeOctets, sweep, waitingWrites, waitingOctets } = storeLimits
  expect([changes, writeOctets, sweep, waitingWrites, waitingOctets]).toEqual([
    64,
    32 * 1024 * 1024,
    1000,
    65_536,
    64 * 1024 * 1024,
  ])
  const { groupWrites, groupOctets } = storeLimits
  expect([groupWrites, groupOctets]).toEqual([1024, 8 * 1024 * 1024])
})
