// What the peer sent, made into events for the tables: SPDUs joined from their segments, named as the
// tables name them, and checked against what was negotiated. Throws SpduError for what the peer must not
// send; changes only the opening.

import {
  enclosure,
  functionalUnit as unit,
  prepareType,
  refuseReason,
  resyncType,
  SegmentJoiner,
  SpduError,
  syncType,
  transportDisconnect,
  type DecodedSpdu,
  type ReceivedSpdu,
} from '../spdu/index.ts'
import type { IncomingEvent } from './events.ts'
import { agree, overflows, refusalOf, settle, settledBy, type Opening } from './negotiate.ts'
import { prepareDialogue } from './arrivals-dialogue.ts'
import { open } from './requests.ts'
import { Incoming, type Spm } from './spm.ts'
import { STATE } from './state.ts'

/** The event of one SPDU of a TSDU of `tsduLength` octets, or undefined while its SSDU is not whole. */
export function fromPeer(m: Spm, spdu: DecodedSpdu, tsduLength: number): Incoming | undefined {
  // Of an ABORT in segments the last one ends the wait, not the first.
  const ignored = (m.state === STATE.STA16 || m.state === STATE.STA01A) && spdu.type !== 'AB'
  const early = m.version === undefined && (spdu.type === 'DT' || spdu.type === 'TD')
  if (ignored || early) return incoming(m, spdu as ReceivedSpdu)
  checkSize(m, spdu, tsduLength)
  const whole = join(m, spdu)
  return whole === undefined ? undefined : prepare(m, incoming(m, whole))
}

/**
 * A TSDU above the size selected, and DT or TD with or without an enclosure item
 * against what was selected.
 */
function checkSize(m: Spm, spdu: DecodedSpdu, tsduLength: number): void {
  // A peer that aborts before it has our ACCEPT knows no size.
  if (m.version === undefined || spdu.type === 'AB') return
  if (m.maxReceive !== 0 && tsduLength > m.maxReceive) {
    throw new SpduError('length', `a TSDU of ${tsduLength} octets where ${m.maxReceive} was selected`)
  }
  if (spdu.type !== 'DT' && spdu.type !== 'TD') return
  if ((spdu.enclosureItem !== undefined) !== (m.maxReceive !== 0)) {
    throw new SpduError('misplaced', 'an enclosure item goes with a TSDU maximum size, and only with it')
  }
}

/** The SPDU with all segments of its SSDU. A joiner is made only when there is something to join. */
function join(m: Spm, spdu: DecodedSpdu): ReceivedSpdu | undefined {
  if (m.joiner === undefined) {
    if (spdu.later === undefined && !isSegment(spdu)) return spdu
    m.joiner = new SegmentJoiner(m.config.limits)
  }
  return m.joiner.accept(spdu)
}

/** CDO is an event of the tables for each of its segments, so it is not joined. */
function isSegment(spdu: ReceivedSpdu): boolean {
  if (spdu.type === 'CDO' || !('enclosureItem' in spdu)) return false
  return spdu.enclosureItem !== undefined && spdu.enclosureItem !== enclosure.whole
}

function incoming(m: Spm, spdu: ReceivedSpdu): Incoming {
  const e = new Incoming(nameOf(m, spdu))
  e.spdu = spdu
  if ('userInformation' in spdu) e.userData = spdu.userInformation
  else if ('userData' in spdu) e.userData = spdu.userData
  if ('transportDisconnect' in spdu) e.keepsTransport = keeps(spdu.transportDisconnect)
  return e
}

/** The name an SPDU has in the tables. */
export function nameOf(m: Spm, spdu: ReceivedSpdu): IncomingEvent {
  switch (spdu.type) {
    case 'RF':
      return keeps(spdu.transportDisconnect) ? 'RF-r' : 'RF-nr'
    case 'FN':
      return keeps(spdu.transportDisconnect) ? 'FN-r' : 'FN-nr'
    case 'AB':
      return keeps(spdu.transportDisconnect) ? 'AB-r' : 'AB-nr'
    case 'MIP':
      return ((spdu.syncTypeItem ?? 0) & syncType.dataSeparation) !== 0 ? 'MIP-d' : 'MIP'
    case 'MAA':
    case 'AEA':
      return 'MAA/AEA'
    case 'RS':
      return m.symmetric ? 'RS' : resynchronize(spdu.resyncType)
    case 'PR':
      return prepared(spdu.prepareType)
    default:
      return spdu.type
  }
}

function resynchronize(type: number | undefined): IncomingEvent {
  if (type === resyncType.restart) return 'RS-r'
  return type === resyncType.abandon ? 'RS-a' : 'RS-s'
}

function prepared(type: number): IncomingEvent {
  if (type === prepareType.majorSyncAck) return 'PR-MAA'
  if (type === prepareType.resynchronize) return 'PR-RS'
  return type === prepareType.resynchronizeAck ? 'PR-RA' : 'PR-AB'
}

/** Bit 1 of Transport Disconnect; absent means release (8.3). */
function keeps(item: number | undefined): boolean {
  return item !== undefined && (item & transportDisconnect.release) === 0
}

/** What the tables must know of this SPDU before they look at it, in the states where they will look. */
function prepare(m: Spm, e: Incoming): Incoming {
  const spdu = e.spdu
  switch (spdu?.type) {
    case 'DT':
    case 'TD':
      break
    case 'CN':
      if (m.state === STATE.STA01C && m.Vtca) arriving(m, e, spdu)
      break
    case 'CDO':
      if (m.state === STATE.STA01D) {
        checkConnectData(m, spdu.userData?.length ?? 0)
        e.endOfData = spdu.enclosureItem === enclosure.last
      }
      break
    case 'OA':
      if (m.state === STATE.STA02B && m.opening !== undefined) {
        const settled = settledBy(spdu, m.opening, m.own)
        if (typeof settled === 'string') throw new SpduError('value', settled)
        m.opening.settled = settled
        m.maxSend = settled.sizes.fromInitiator
      }
      break
    case 'AC':
      if (m.state === STATE.STA02A && m.opening !== undefined) {
        const agreement = agree(spdu, m.opening, m.own)
        if (typeof agreement === 'string') throw new SpduError('value', agreement)
        e.agreement = agreement
        // The tables choose between [5] and [71] by the units that are being selected.
        m.FU = agreement.units
        m.symmetric = (m.FU & unit.symmetricSynchronize) !== 0
      }
      break
    case 'GT':
    case 'PT':
      e.tokens = spdu.tokenItem ?? 0
      if (e.tokens === 0) throw new SpduError('missing', `${spdu.type} without a token`)
      break
    default:
      if (spdu !== undefined && m.version !== undefined) prepareDialogue(m, e, spdu)
  }
  return e
}

function arriving(m: Spm, e: Incoming, connect: ReceivedSpdu<'CN'>): void {
  e.userData = connect.userData ?? connect.extendedUserData
  const overflow = overflows(connect)
  const opening: Opening = { overflow, connect, receivedOctets: 0 }
  open(m, opening)
  e.refusal = m.config.refuse(connect) ?? refusalOf(connect, m.own) ?? longData(m, e, overflow)
  if (overflow && e.refusal === undefined) opening.settled = settle(connect, m.own)
}

/**
 * A CONNECT with, or announcing, more user data than this side accepts is refused: a
 * restriction stated in the PICS.
 */
function longData(m: Spm, e: Incoming, overflow: boolean): number | undefined {
  const least = (e.userData?.length ?? 0) + (overflow ? 1 : 0)
  return least > m.config.limits.connectOctets ? refuseReason.implementationRestriction : undefined
}

/** Once the overflow is accepted it can only be aborted. */
function checkConnectData(m: Spm, more: number): void {
  const total = (m.opening?.receivedOctets ?? 0) + more
  const most = m.config.limits.connectOctets
  if (total > most) throw new SpduError('limit', `more than ${most} octets of connect user data`)
}
