// Our session connection against an old reference stack, played by hand: see old-peer.ts for its habits. The
// dialogue goes on after each of them, in both roles and both ways.

import { describe, expect, it } from 'vitest'

import type { SessionConnection, Unit } from '../../src/index.ts'
import { bitsOfTokens, bitsOfUnits } from '../../src/connection/glossary.ts'
import type { Indication } from '../../src/machine/index.ts'
import { turns } from '../../src/testing/index.ts'
import { Address, octets, Told } from '../connection/support.ts'
import { OLD_TSDU, OldPeer } from './old-peer.ts'

const units: readonly Unit[] = ['half-duplex', 'typed-data', 'minor-sync', 'major-sync', 'resynchronize']
const everyToken = bitsOfTokens(['data', 'minor-sync', 'major-activity'])
const sizes = { send: OLD_TSDU, receive: OLD_TSDU }

/** Both ends; every token is at the side that opened. */
interface Meeting {
  readonly address: Address
  readonly ours: SessionConnection
  readonly told: Told
  readonly peer: OldPeer
  /** What came with its CONNECT or ACCEPT. */
  readonly heard: Uint8Array | undefined
}

describe('an old peer whose V(A) is one too low after a confirmation', () => {
  it.each(['acceptor', 'initiator'] as const)('as the %s goes on with points both ways', async (role) => {
    const meeting = await meet(role)
    const { ours, peer, told } = meeting
    await ourTurn(meeting)
    for (let round = 0; round < 3; round++) {
      const first = ours.syncMinor()
      ours.syncMinor()
      await turns()
      peer.ask({ name: 'SSYNmrsp', serialNumber: first })
      await turns()
      expect(told.log.at(-1)).toBe(`confirmed ${first}`)
      await theirTurn(meeting)
      peer.ask({ name: 'SSYNmreq' })
      peer.ask({ name: 'SSYNmreq' })
      await turns()
      ours.confirmMinor(ours.sync.next - 2)
      await turns()
      expect(peer.memory.VA).toBe(ours.sync.next - 2)
      expect(ours.sync.confirmed).toBe(ours.sync.next - 2)
      ours.confirmMinor(ours.sync.next - 1)
      await turns()
      await ourTurn(meeting)
    }
    await expectToGoOn(meeting)
  })
})

describe('an old peer that answers an abandon below V(M)', () => {
  it.each(['acceptor', 'initiator'] as const)('as the %s goes on from its number', async (role) => {
    const meeting = await meet(role)
    const { ours, peer } = meeting
    await ourTurn(meeting)
    for (let point = 0; point < 5; point++) ours.syncMinor()
    await turns()
    peer.abandonsBelow = 2
    const answer = await settled(ours.resynchronize({ type: 'abandon' }))
    expect(answer).toMatchObject({ serial: ours.sync.next })
    expect([ours.sync.next, peer.memory.VM]).toEqual([3, 3])
    await expectToGoOn(meeting)
  })

  it('abandons itself, and both have the number that is ours', async () => {
    const meeting = await meet('acceptor')
    const { ours, peer, told } = meeting
    for (let point = 0; point < 3; point++) ours.syncMinor()
    await turns()
    peer.ask({ name: 'SRSYNreq', flow: { type: 'abandon' } })
    await turns()
    expect(told.log.at(-1)).toBe('resync flow abandon 3')
    told.resync?.accept()
    await turns()
    expect([ours.sync.next, peer.memory.VM, peer.state]).toEqual([3, 3, 'STA713'])
    await expectToGoOn(meeting)
  })
})

describe(`TSDUs of at most ${OLD_TSDU} octets`, () => {
  it.each(['acceptor', 'initiator'] as const)('carry long SSDUs with the old peer as %s', async (role) => {
    const meeting = await meet(role)
    const { ours, peer, told } = meeting
    await ourTurn(meeting)
    for (const length of [1, 2_033, 2_034, 2_035, 2_041, 4_068, 100_000, 2_000_000]) {
      const data = new Uint8Array(length).fill(length & 0xff)
      ours.send([data])
      ours.sendTyped([data.subarray(0, 1), data])
      await turns()
      expect(lengthsTold(peer)).toEqual([length, length + 1])
      await theirTurn(meeting)
      peer.ask({ name: 'SDTreq', data: [data] })
      peer.ask({ name: 'STDreq', data: [data] })
      await turns()
      expect(told.log.slice(-2).map((line) => line.length)).toEqual([5 + length, 6 + length])
      await ourTurn(meeting)
    }
    const [, ...afterConnect] = peer.lengths
    expect(Math.max(...afterConnect)).toBe(OLD_TSDU)
    await expectToGoOn(meeting)
  })

  it('carry long user data of other services', async () => {
    const meeting = await meet('acceptor')
    const { ours, peer } = meeting
    for (const length of [200, 255, 2_000, 2_030, 2_041, 70_000]) {
      ours.syncMinor({ userData: new Uint8Array(length) })
      await turns()
      const last = peer.told.at(-1)
      expect(last?.name).toBe('SSYNmind')
      expectSame(userDataOf(last), new Uint8Array(length))
    }
    await expectToGoOn(meeting)
  })

  it.each([511, 513, 2_100, 10_240, 10_241, 30_000, 60_000])(
    'go with %i octets of connect user data both ways',
    async (length) => {
      const userData = new Uint8Array(length).fill(7)
      for (const role of ['acceptor', 'initiator'] as const) {
        const meeting = await meet(role, userData)
        const { heard, peer } = meeting
        expectSame(heard, userData)
        const [first] = peer.told
        expect(first?.name).toBe(role === 'acceptor' ? 'SCONind' : 'SCONcnf+')
        expectSame(userDataOf(first), userData)
        await ourTurn(meeting)
        await expectToGoOn(meeting)
      }
    },
  )
})

/** A session with an old peer in this role. */
async function meet(role: 'acceptor' | 'initiator', userData?: Uint8Array): Promise<Meeting> {
  const address = new Address()
  const told = new Told()
  if (role === 'initiator') {
    let ours: SessionConnection | undefined
    let heard: Uint8Array | undefined
    const limits = { handshakeTimeout: 1_000 }
    await address.accept({ units, tsduSizes: sizes, limits }, (request) => {
      heard = request.userData
      ours = request.accept({ userData })
      ours.listen(told)
    })
    const peer = new OldPeer(await address.transport.connect())
    peer.connect({ name: 'SCONreq', units: bitsOfUnits(units), userData })
    await turns()
    if (ours === undefined) throw new Error('nobody was asked')
    return { address, ours, told, peer, heard }
  }
  const peers: OldPeer[] = []
  const offer = await address.transport.listen((connection) => {
    const peer = new OldPeer(connection)
    peers.push(peer)
    peer.accept()
  })
  const opening = address.open({ units, tsduSizes: sizes, userData })
  await turns()
  const [peer] = peers
  peer?.ask({ name: 'SCONrsp+', units: bitsOfUnits(units), userData })
  const ours = await opening
  ours.listen(told)
  await offer.close()
  if (peer === undefined) throw new Error('nobody was called')
  return { address, ours, told, peer, heard: ours.userData }
}

async function ourTurn({ peer }: Meeting): Promise<void> {
  const mine = peer.memory.owned & peer.memory.available
  if (mine !== 0) peer.ask({ name: 'SGTreq', tokens: mine })
  await turns()
}

async function theirTurn({ ours, peer }: Meeting): Promise<void> {
  if (ours.tokens.length > 0) ours.giveTokens(ours.tokens)
  await turns()
  expect(peer.memory.owned & peer.memory.available).toBe(everyToken)
}

/** Points, a major point, a restart from each side, and a release in good order: both agree all along. */
async function expectToGoOn(meeting: Meeting): Promise<void> {
  const { address, ours, peer, told } = meeting
  const agreed = (): void => {
    expect([ours.sync.next, ours.sync.restart]).toEqual([peer.memory.VM, peer.memory.VR])
    expect([ours.state, peer.state]).toEqual(['open', 'STA713'])
  }
  await ourTurn(meeting)
  const first = ours.syncMinor()
  ours.syncMinor()
  await turns()
  agreed()
  await settled(ours.resynchronize({ type: 'restart', serial: first }))
  agreed()
  await settled(ours.syncMajor())
  agreed()
  ours.send([octets('ours')])
  await theirTurn(meeting)
  expect(peer.told.at(-2)).toMatchObject({ name: 'SDTind', data: octets('ours') })
  const restart = peer.memory.VM
  peer.ask({ name: 'SSYNmreq' })
  peer.ask({ name: 'SRSYNreq', flow: { type: 'restart', serialNumber: restart } })
  await turns()
  told.resync?.accept()
  await turns()
  agreed()
  peer.ask({ name: 'SSYNMreq' })
  await turns()
  told.asked?.accept()
  await turns()
  agreed()
  peer.ask({ name: 'SDTreq', data: [octets('theirs')] })
  await ourTurn(meeting)
  expect(told.log.slice(-2)).toEqual(['data theirs', 'given data,minor-sync,major-activity'])
  expect(await settled(ours.release())).toMatchObject({ accepted: true })
  await address.expectNothingLeft()
}

function userDataOf(told: Indication | undefined): Uint8Array | undefined {
  return told !== undefined && 'userData' in told ? told.userData : undefined
}

/** As toEqual, which is slow for so many octets. */
function expectSame(octetsThere: Uint8Array | undefined, wanted: Uint8Array): void {
  expect(octetsThere?.length).toBe(wanted.length)
  expect(Buffer.compare(octetsThere ?? new Uint8Array(0), wanted)).toBe(0)
}

/** What arrived last as data, by length. */
function lengthsTold(peer: OldPeer): number[] {
  const data = peer.told.flatMap((one) =>
    one.name === 'SDTind' || one.name === 'STDind' ? [one.data.length] : [],
  )
  return data.slice(-2)
}

async function settled<T>(promise: Promise<T>): Promise<T> {
  await turns()
  return promise
}
