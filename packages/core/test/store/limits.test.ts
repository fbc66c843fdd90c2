// The bounds of stores, as numbers: what the contract suite and the queue's tests go up to.
import { expect, it } from 'vitest'
import { coreLimits } from '../../src/index.ts'

it('has the bounds that the port promises', () => {
  const { storeIdOctets, storeHeadOctets, storeHashOctets, storeEntryOctets, storeEntries } = coreLimits
  expect([storeIdOctets, storeHeadOctets, storeHashOctets, storeEntryOctets, storeEntries]).toEqual([
    512,
    65_536,
    64,
    16 * 1024 * 1024,
    1024,
  ])
  const { storeChanges, storeWriteOctets, storeSweep, storeWaitingWrites, storeWaitingOctets } = coreLimits
  expect([storeChanges, storeWriteOctets, storeSweep, storeWaitingWrites, storeWaitingOctets]).toEqual([
    64,
    32 * 1024 * 1024,
    1000,
    65_536,
    64 * 1024 * 1024,
  ])
  const { storeGroupWrites, storeGroupOctets } = coreLimits
  expect([storeGroupWrites, storeGroupOctets]).toEqual([1024, 8 * 1024 * 1024])
})
