// T25: SPDUs that cost their sender nothing and make work here. A flood of any kind ends that one session
// connection; a dialogue whose turns and points go with its data, or with time, never does.

import { describe, expect, it } from 'vitest'

import { bitsOfTokens, bitsOfUnits, type Unit } from '../../src/connection/glossary.ts'
import { coreLimits } from '../../src/limits.ts'
import { SessionUsageError, type MachineOptions, type Request } from '../../src/machine/index.ts'
import { describe as inWords, encodeTsdu, prepareType, type Spdu } from '../../src/spdu/index.ts'
import { vectors } from '../spdu/support.ts'
import { joined, Pair } from './support/pair.ts'

const { controlBurst, controlPerSecond } = coreLimits
const sync: readonly Unit[] = ['half-duplex', 'minor-sync', 'major-sync', 'resynchronize', 'exceptions']
const activities: readonly Unit[] = ['half-duplex', 'activities', 'capability-data']
const octet = Uint8Array.of(1)

/** A flood: what A's side sends, by how many it has sent, and what B's user always answers. */
interface Flood {
  readonly of: string
  readonly units: readonly Unit[]
  readonly spdu: (sent: number) => Spdu
  readonly answer?: (sent: number) => Request | undefined
  readonly expedited?: true
}

const floods: readonly Flood[] = [
  { of: 'PLEASE TOKENS', units: sync, spdu: () => ({ type: 'PT', tokenItem: 1 }) },
  { of: 'MINOR SYNC POINT', units: sync, spdu: (sent) => ({ type: 'MIP', serialNumber: sent }) },
  {
    of: 'MINOR SYNC POINT that is always confirmed',
    units: sync,
    spdu: (sent) => ({ type: 'MIP', serialNumber: sent }),
    answer: (sent) => ({ name: 'SSYNmrsp', serialNumber: sent }),
  },
  {
    of: 'MAJOR SYNC POINT that is always confirmed',
    units: sync,
    spdu: (sent) => ({ type: 'MAP', syncTypeItem: 1, serialNumber: sent }),
    answer: () => ({ name: 'SSYNMrsp' }),
  },
  {
    of: 'RESYNCHRONIZE that is always accepted',
    units: sync,
    spdu: () => ({ type: 'RS', resyncType: 2, serialNumber: 7, tokenSettingItem: 0 }),
    answer: () => ({ name: 'SRSYNrsp' }),
  },
  { of: 'EXCEPTION DATA', units: sync, spdu: () => ({ type: 'ED', reasonCode: 1 }) },
  { of: 'EXCEPTION REPORT', units: sync, spdu: () => ({ type: 'ER', reflectParameterValues: octet }) },
  {
    of: 'CAPABILITY DATA that is always answered',
    units: activities,
    spdu: () => ({ type: 'CD', userData: octet }),
    answer: () => ({ name: 'SCDrsp' }),
  },
  {
    of: 'FINISH that is always declined',
    units: ['duplex', 'negotiated-release'],
    spdu: () => ({ type: 'FN' }),
    answer: () => ({ name: 'SRELrsp-' }),
  },
  {
    of: 'EXPEDITED DATA',
    units: ['duplex', 'expedited-data'],
    spdu: () => ({ type: 'EX', userInformation: octet }),
    expedited: true,
  },
]

describe('T25: a flood without data', () => {
  it.each(floods)('of $of ends the session connection', ({ units, spdu, answer, expedited = false }) => {
    const pair = opened(units, {}, expedited)
    const other = opened(units, {}, expedited)
    for (let sent = 0; sent < controlBurst; sent++) {
      pair.inject('B', tsduOf(spdu(sent)), expedited)
      const reply = answer?.(sent)
      if (reply !== undefined) pair.request('B', reply)
    }
    expect(pair.indications('B')).toHaveLength(controlBurst + 1)
    pair.inject('B', tsduOf(spdu(controlBurst)), expedited)
    expectRestricted(pair)
    other.inject('B', tsduOf(spdu(0)), expedited)
    expect(other.machines.B.state).not.toBe('STA16')
  })

  it.each([sync, activities, ['duplex', 'symmetric-sync', 'resynchronize', 'negotiated-release'] as const])(
    'of whatever there is, repeated, tells our user no more often than controlBurst: %j',
    (...units) => {
      const limits = { ...coreLimits, controlBurst: 20 }
      for (const [name, octets] of vectors) {
        if (/DT|TD/.test(name)) continue
        const pair = opened(units, { limits }, true)
        const before = pair.indications('B').length
        const expedited = name === 'EX' || name.startsWith('PR-')
        for (let sent = 0; sent < 100; sent++) pair.inject('B', octets, expedited)
        expect(pair.indications('B').length - before, name).toBeLessThanOrEqual(limits.controlBurst + 1)
      }
    },
  )

  it('of activities that are begun and discarded ends the session connection', () => {
    const pair = opened(activities)
    for (let begun = 0; begun < controlBurst; begun++) {
      pair.inject('B', tsduOf({ type: 'AS', activityIdentifier: octet }))
      pair.inject('B', tsduOf({ type: 'AD' }))
      pair.request('B', { name: 'SACTDrsp' })
    }
    pair.inject('B', tsduOf({ type: 'AS', activityIdentifier: octet }))
    expectRestricted(pair)
  })

  it('of PREPARE that nothing follows is bounded by what may be queued', () => {
    const pair = opened(activities, {}, true)
    const prepare = tsduOf({ type: 'PR', prepareType: prepareType.resynchronize })
    for (let sent = 0; sent < coreLimits.queuedEvents; sent++) pair.inject('B', prepare, true)
    pair.inject('B', prepare, true)
    expectRestricted(pair)
  })

  it('is paid back by time, controlPerSecond a second and no more than controlBurst in all', () => {
    const pair = opened(sync)
    const please = tsduOf({ type: 'PT', tokenItem: 1 })
    for (let second = 0; second < 60; second++) {
      for (let sent = 0; sent < controlPerSecond; sent++) pair.inject('B', please)
      pair.now += 1_000
    }
    expect(pair.machines.B.state).toBe('STA713')
    pair.now += 3_600_000
    for (let sent = 0; sent < controlBurst; sent++) pair.inject('B', please)
    // A clock that goes back pays nothing.
    pair.now -= 3_600_000
    pair.inject('B', please)
    expectRestricted(pair)
  })

  it('has the bounds it is told', () => {
    const limits = { ...coreLimits, controlBurst: 2, controlPerSecond: 0 }
    const pair = opened(sync, { limits })
    for (let sent = 0; sent < 3; sent++) pair.inject('B', tsduOf({ type: 'PT', tokenItem: 1 }))
    expectRestricted(pair)
  })

  it('is forgotten with the session connection, when its transport connection is used again', () => {
    const limits = { ...coreLimits, controlBurst: 2, controlPerSecond: 0 }
    const pair = opened(['duplex', 'minor-sync'], { limits, reuseTransport: true }, false, true)
    for (let round = 0; round < 3; round++) {
      for (const serialNumber of [0, 1]) pair.inject('B', tsduOf({ type: 'MIP', serialNumber }))
      pair.inject('B', tsduOf({ type: 'AB', transportDisconnect: 2 }))
      expect(pair.machines.B.state).toBe('STA01C')
      const versionNumber = 2
      const connectAcceptItem = { protocolOptions: 0, versionNumber, initialSerialNumber: 0 }
      const units = bitsOfUnits(['duplex', 'minor-sync'])
      pair.inject('B', tsduOf({ type: 'CN', connectAcceptItem, sessionUserRequirements: units }))
      pair.request('B', { name: 'SCONrsp+', units })
    }
    expect(pair.machines.B.state).toBe('STA713')
  })
})

describe('T25: no flood is', () => {
  it('a point after every SSDU, of whichever side', () => {
    const pair = opened(['duplex', 'minor-sync', 'major-sync'])
    for (let point = 0; point < 5 * controlBurst; point++) {
      if (point % 2 === 0) pair.inject('B', tsduOf({ type: 'DT', userInformation: octet }))
      else pair.request('B', { name: 'SDTreq', data: [octet] })
      pair.inject('B', tsduOf({ type: 'MIP', serialNumber: point }))
    }
    expect(pair.machines.B.state).toBe('STA713')
  })

  it('a turn that goes to and fro without data', () => {
    const pair = opened(['half-duplex'])
    const tokens = bitsOfTokens(['data'])
    for (let turn = 0; turn < 5 * controlBurst; turn++) {
      pair.request(turn % 2 === 0 ? 'A' : 'B', { name: 'SGTreq', tokens })
      pair.deliver()
    }
    expect([pair.machines.A.state, pair.machines.B.state]).toEqual(['STA713', 'STA713'])
  })

  it('the answers to what this side has asked', () => {
    const pair = opened(['duplex', 'minor-sync', 'major-sync', 'resynchronize'])
    for (let asked = 0; asked < 2 * controlBurst; asked++) {
      pair.request('A', { name: 'SSYNmreq' })
      pair.inject('A', tsduOf({ type: 'MIA', serialNumber: asked }))
    }
    expect(pair.machines.A.state).toBe('STA713')
  })
})

describe('minor points that nobody confirms', () => {
  const limits = { ...coreLimits, unconfirmedMinors: 3 }

  it.each([['minor-sync' as const], ['symmetric-sync' as const]])('are bounded with %s', (unit) => {
    const ours = opened(['duplex', unit], {}, false, false, { limits })
    for (let point = 0; point < 3; point++) ours.request('A', { name: 'SSYNmreq' })
    expect(() => ours.request('A', { name: 'SSYNmreq' })).toThrow(SessionUsageError)
    ours.deliver()
    ours.request('B', { name: 'SSYNmrsp', serialNumber: 0 })
    ours.deliver()
    ours.request('A', { name: 'SSYNmreq' })

    const theirs = opened(['duplex', unit], { limits })
    for (let point = 0; point < 3; point++) theirs.request('A', { name: 'SSYNmreq' })
    theirs.deliver()
    theirs.request('B', { name: 'SSYNmrsp', serialNumber: 1 })
    for (let point = 0; point < 2; point++) theirs.request('A', { name: 'SSYNmreq' })
    theirs.deliver()
    expect(theirs.machines.B.state).toBe('STA713')
    theirs.request('A', { name: 'SSYNmreq' })
    theirs.deliverOne('B')
    expectRestricted(theirs)
  })

  it('are by default as many as there are serial numbers', () => {
    expect(coreLimits.unconfirmedMinors).toBe(1_000_000)
  })
})

/** B has aborted for a restriction, and has told its user so. */
function expectRestricted(pair: Pair): void {
  const last = pair.log.at(-1)
  expect(last?.outputs[0]).toMatchObject({ primitive: { name: 'SPABind', reason: 'restriction' } })
  const abort = last?.outputs[1]
  expect(abort?.do === 'send' && inWords(joined(abort.tsdu))).toBe('AB release,implementation-restriction')
  expect(pair.machines.B.state).toBe('STA16')
}

function opened(
  units: readonly Unit[],
  b: MachineOptions = {},
  expedited = false,
  reuseTransport = false,
  a: MachineOptions = {},
): Pair {
  const bits = bitsOfUnits(units)
  const pair = new Pair({ reuseTransport, ...a }, b, expedited)
  pair.request('A', { name: 'SCONreq', units: bits })
  pair.deliver()
  pair.request('B', { name: 'SCONrsp+', units: bits })
  pair.deliver()
  return pair
}

function tsduOf(spdu: Spdu): Uint8Array {
  return joined(encodeTsdu([spdu]))
}
