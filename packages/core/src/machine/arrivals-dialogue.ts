// What the tables must know of the SPDUs that structure a dialogue (synchronization points, resynchronize,
// activities): their serial numbers and types, seen from this side. Throws SpduError for what is not valid
// with the units selected; changes the event only.

import {
  functionalUnit as unit,
  resyncType,
  SpduError,
  tokenSetting,
  type ReceivedSpdu,
} from '../spdu/index.ts'
import { unconfirmed } from './budget.ts'
import type { Resync } from './primitives.ts'
import { NO_NUMBER, type Incoming, type Spm } from './spm.ts'
import { STATE } from './state.ts'
import { hasSetting, settledTokens } from './units.ts'

/** Fills in what an SPDU says of serial numbers, resynchronization and activities. */
export function prepareDialogue(m: Spm, e: Incoming, spdu: ReceivedSpdu): void {
  switch (spdu.type) {
    case 'MIP':
      e.number = numberOf(m, spdu.serialNumber)
      checkUnconfirmed(m)
      break
    case 'MIA':
    case 'MAP':
    case 'AE':
      e.number = numberOf(m, spdu.serialNumber)
      break
    case 'MAA':
    case 'AEA':
      // Clause 8: the second number, of what the sender sends, is there exactly with symmetric synchronize.
      e.number = numberOf(m, isSymmetric(m) ? spdu.secondSerialNumber : spdu.serialNumber)
      break
    case 'RS':
    case 'RA':
      resynchronization(m, e, spdu)
      break
    case 'PR':
      e.receivingType = typeOf(spdu.resyncType)
      e.sendingType = typeOf(spdu.secondResyncType)
      break
    case 'AI':
      e.type = 'int'
      break
    case 'AD':
      e.type = 'dsc'
      break
    case 'AR': {
      const { serialNumber, secondSerialNumber } = spdu.linkingInformation
      e.number = numberOf(m, serialNumber)
      e.receivingNumber = e.number
      e.sendingNumber = numberOf(m, secondSerialNumber ?? serialNumber)
      break
    }
    case 'GTC':
      e.tokens = m.available
      break
    default:
  }
}

/**
 * First is what the side that asked for the resynchronize sends: in RS the peer, in RA this side. Where this
 * SPDU is only to be ignored, nothing is demanded of it.
 */
function resynchronization(m: Spm, e: Incoming, spdu: ReceivedSpdu<'RS' | 'RA'>): void {
  if (m.state === STATE.STA15D) return
  const first = numberOf(m, spdu.serialNumber)
  const second = numberOf(m, spdu.secondSerialNumber)
  if (isSymmetric(m)) {
    const asked = spdu.type === 'RA'
    e.sendingType = typeOf(asked ? spdu.resyncType : spdu.secondResyncType)
    e.sendingNumber = asked ? first : second
    e.receivingType = typeOf(asked ? spdu.secondResyncType : spdu.resyncType)
    e.receivingNumber = asked ? second : first
  } else {
    if (spdu.secondResyncType !== undefined || spdu.secondSerialNumber !== undefined) {
      throw new SpduError('misplaced', `${spdu.type}: a second flow without symmetric synchronize`)
    }
    if (spdu.serialNumber === undefined || (spdu.type === 'RS' && spdu.resyncType === undefined)) {
      throw new SpduError('missing', `${spdu.type} without a resync type or serial number`)
    }
    e.type = typeOf(spdu.resyncType)
    e.number = first
  }
  e.settings = settingsOf(m, spdu)
}

/** Clause 8: no default, so it must be there when a token exists. In RA no token may be left open. */
function settingsOf(m: Spm, spdu: ReceivedSpdu<'RS' | 'RA'>): number {
  const settings = spdu.tokenSettingItem
  if (m.available === 0) return 0
  if (settings === undefined) throw new SpduError('missing', `${spdu.type} without a token setting`)
  if (hasSetting(settings, m.available, RESERVED)) {
    throw new SpduError('value', `${spdu.type}: a reserved token setting`)
  }
  if (spdu.type === 'RS') return settings
  const settled = settledTokens(m.available, m.resyncSettings, settings)
  if (
    hasSetting(settings, m.available, tokenSetting.choice) ||
    settled !== settledTokens(m.available, settings, settings)
  ) {
    throw new SpduError('value', 'RA: a token setting that does not answer that of RS')
  }
  return settings
}

function checkUnconfirmed(m: Spm): void {
  const most = m.config.limits.unconfirmedMinors
  if (unconfirmed(m, false) >= most) {
    throw new SpduError('limit', `MIP: more than ${most} minor points that are not confirmed`)
  }
}

/** The reserved value of a pair in a Token Setting Item. */
const RESERVED = tokenSetting.responder + tokenSetting.choice

function numberOf(m: Spm, number: number | undefined): number {
  if (number !== undefined && number > m.maxNumber) {
    throw new SpduError('value', `the serial number ${number} is above the limit of ${m.maxNumber}`)
  }
  return number ?? NO_NUMBER
}

function typeOf(type: number | undefined): Resync {
  if (type === undefined) return 'no'
  if (type === resyncType.restart) return 'r'
  return type === resyncType.abandon ? 'a' : 's'
}

function isSymmetric(m: Spm): boolean {
  return (m.FU & unit.symmetricSynchronize) !== 0
}
