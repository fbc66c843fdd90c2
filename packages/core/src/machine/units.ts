// The arithmetic of functional units and tokens, as the bits they have on the wire: which may be proposed and
// selected, which tokens exist with them, who holds a token at the start. No state, no octets.

import { functionalUnit as unit, tokenBit, tokenSetting } from '../spdu/index.ts'

/** The units this machine has tables for, which are all; it proposes and accepts no others. */
export const supportedUnits: number = Object.values(unit).reduce((all, one) => all | one, 0)

/** Every token there is. */
export const allTokens: number =
  tokenBit.data | tokenBit.synchronizeMinor | tokenBit.majorActivity | tokenBit.release

/** AV: the tokens that exist when these units are selected. */
export function tokensOf(units: number): number {
  return (
    (includes(units, unit.halfDuplex) ? tokenBit.data : 0) |
    (includes(units, unit.minorSynchronize) ? tokenBit.synchronizeMinor : 0) |
    (includes(units, unit.majorSynchronize | unit.activityManagement) ? tokenBit.majorActivity : 0) |
    (includes(units, unit.negotiatedRelease) ? tokenBit.release : 0)
  )
}

/** Why these units must not be proposed together, or undefined. */
export function proposalFault(units: number): string | undefined {
  if (!includes(units, unit.halfDuplex | unit.duplex)) return 'half-duplex or duplex must be proposed'
  if (includes(units, unit.capabilityData) && !includes(units, unit.activityManagement)) {
    return 'capability data needs activity management'
  }
  if (includes(units, unit.exceptions) && !includes(units, unit.halfDuplex)) {
    return 'exceptions need half-duplex'
  }
  if (
    includes(units, unit.dataSeparation) &&
    !includes(units, unit.minorSynchronize | unit.symmetricSynchronize)
  ) {
    return 'data separation needs minor or symmetric synchronize'
  }
  return undefined
}

/** Why `accepted` (the Session User Requirements of an ACCEPT) is no answer to `proposed`, or undefined. */
export function selectionFault(accepted: number, proposed: number): string | undefined {
  const mode = accepted & (unit.halfDuplex | unit.duplex)
  if (mode !== unit.halfDuplex && mode !== unit.duplex) {
    return 'exactly one of half-duplex and duplex must be accepted'
  }
  if (!includes(proposed, mode)) return 'half-duplex or duplex was accepted without being proposed'
  const selected = accepted & proposed
  if (includes(selected, unit.minorSynchronize) && includes(selected, unit.symmetricSynchronize)) {
    return 'minor and symmetric synchronize cannot both be accepted'
  }
  if (includes(selected, unit.dataSeparation) && includes(selected, unit.activityManagement)) {
    return 'data separation cannot be accepted with activity management'
  }
  return undefined
}

/** True when an initial serial number must go with these units: synchronization without activities. */
export function numbered(units: number): boolean {
  return synchronizing(units) && !includes(units, unit.activityManagement)
}

/** True when these units count synchronization points at all. */
export function synchronizing(units: number): boolean {
  return includes(
    units,
    unit.minorSynchronize | unit.symmetricSynchronize | unit.majorSynchronize | unit.resynchronize,
  )
}

/**
 * The tokens that are the session initiator's at the start. Where the CONNECT names a side, that
 * holds, whatever the ACCEPT repeats; where it leaves the choice, the ACCEPT's pair decides. An absent
 * item is 0: the initiator's side.
 */
export function initiatorTokens(available: number, proposed: number, answered: number): number {
  let owned = 0
  for (let token = 1; token <= allTokens; token <<= 2) {
    const asked = settingOf(proposed, token)
    const settled = asked === tokenSetting.choice ? settingOf(answered, token) : asked
    if (settled === tokenSetting.initiator) owned |= token
  }
  return owned & available
}

/** The Token Setting Item that says these tokens are the responder's and all others the initiator's. */
export function responderSettings(tokens: number): number {
  return tokens * tokenSetting.responder
}

/** True when a pair of an existing token has the value `setting`. */
export function hasSetting(settings: number, available: number, setting: number): boolean {
  for (let token = 1; token <= allTokens; token <<= 2) {
    if ((available & token) !== 0 && settingOf(settings, token) === setting) return true
  }
  return false
}

/**
 * A Token Setting Item with the pairs of the tokens that exist: each as `asked`, and `choice` where that is
 * left open as `answered`.
 */
export function settledTokens(available: number, asked: number, answered: number): number {
  let settings = 0
  for (let token = 1; token <= allTokens; token <<= 2) {
    if ((available & token) === 0) continue
    const setting = settingOf(asked, token)
    settings |= token * (setting === tokenSetting.choice ? settingOf(answered, token) : setting)
  }
  return settings
}

/** The value of a token's pair. A Token Item has its bit where the pair of a Token Setting Item begins. */
function settingOf(settings: number, token: number): number {
  return Math.floor(settings / token) & 3
}

function includes(units: number, some: number): boolean {
  return (units & some) !== 0
}
