// The SPDU that a scene has its peer send.

import type { Spdu } from '../../../src/spdu/index.ts'
import { hasUnit, NONE, type Scene, type Type } from './scene.ts'

/** The SPDU of an event's name. */
export function spduOf(event: string, scene: Scene): Spdu {
  const { sn, tokens } = scene
  const octet = Uint8Array.of(1)
  const [type = '', disconnect] = event.split('-')
  const transportDisconnect = disconnect === 'r' ? 0 : 1
  switch (type) {
    case 'CN':
      return connectOf(scene)
    case 'OA':
      return { type, versionNumber: 2 }
    case 'CDO':
      return { type, enclosureItem: scene.endOfData ? 2 : 0, userData: octet }
    case 'AC':
      return acceptOf(scene)
    case 'RF':
    case 'FN':
      return { type, transportDisconnect }
    case 'AB':
      return { type, transportDisconnect: transportDisconnect | 2 }
    case 'DT':
    case 'TD':
    case 'EX':
      return { type, userInformation: octet }
    case 'GT':
    case 'PT':
      return { type, tokenItem: tokens }
    case 'MIP':
      return { type, serialNumber: sn, syncTypeItem: disconnect === 'd' ? 2 : undefined }
    case 'MIA':
    case 'AE':
      return { type, serialNumber: sn }
    case 'MAP':
      return { type, serialNumber: sn, syncTypeItem: 1 }
    case 'MAA/AEA':
      return hasUnit(scene.v, 'SS')
        ? { type: 'MAA', secondSerialNumber: sn }
        : { type: 'MAA', serialNumber: sn }
    case 'RS':
      return resynchronizeOf(scene)
    case 'RA':
      return acknowledgeOf(scene)
    case 'PR':
      return prepareOf(event, scene)
    case 'ER':
      return { type, reflectParameterValues: octet }
    case 'ED':
      return { type, reasonCode: 1 }
    case 'AS':
      return { type, activityIdentifier: octet }
    case 'AR':
      return resumeOf(scene)
    default:
      // What is left has no parameter that it needs.
      return { type } as Spdu
  }
}

function connectOf({ overflow }: Scene): Spdu {
  return {
    type: 'CN',
    connectAcceptItem: { protocolOptions: 0, versionNumber: 2 },
    sessionUserRequirements: 2,
    dataOverflow: overflow ? 1 : undefined,
    extendedUserData: overflow ? new Uint8Array(10_240) : undefined,
  }
}

function acceptOf({ v, sn, tokens }: Scene): Spdu {
  const counted = !hasUnit(v, 'ACT') && ['SY', 'SS', 'MA', 'RESYN'].some((unit) => hasUnit(v, unit))
  return {
    type: 'AC',
    connectAcceptItem: {
      protocolOptions: 0,
      versionNumber: 2,
      tokenSettingItem: tokens,
      initialSerialNumber: counted ? sn : undefined,
      secondInitialSerialNumber: counted && hasUnit(v, 'SS') ? sn + 1 : undefined,
    },
    sessionUserRequirements: v.FU,
  }
}

/** First is what the peer sends, so what we receive. */
function resynchronizeOf(scene: Scene): Spdu {
  const symmetric = hasUnit(scene.v, 'SS')
  return {
    type: 'RS',
    tokenSettingItem: 0,
    resyncType: codeOf(symmetric ? scene.rcvType : scene.type),
    serialNumber: numberOf(symmetric ? scene.rcvSn : scene.sn),
    secondResyncType: codeOf(scene.sndType),
    secondSerialNumber: numberOf(scene.sndSn),
  }
}

/** First is what the side that asked sends: we. */
function acknowledgeOf(scene: Scene): Spdu {
  const symmetric = hasUnit(scene.v, 'SS')
  return {
    type: 'RA',
    tokenSettingItem: scene.tokens,
    resyncType: codeOf(scene.sndType),
    serialNumber: numberOf(symmetric ? scene.sndSn : scene.sn),
    secondResyncType: codeOf(scene.rcvType),
    secondSerialNumber: numberOf(scene.rcvSn),
  }
}

function prepareOf(event: string, scene: Scene): Spdu {
  const prepareType = ['PR-MAA', 'PR-RS', 'PR-RA', 'PR-AB'].indexOf(event) + 1
  const [resyncType, secondResyncType] = [codeOf(scene.rcvType), codeOf(scene.sndType)]
  return { type: 'PR', prepareType, resyncType, secondResyncType }
}

function resumeOf(scene: Scene): Spdu {
  return {
    type: 'AR',
    linkingInformation: {
      oldActivityIdentifier: Uint8Array.of(1),
      serialNumber: scene.sn,
      secondSerialNumber: hasUnit(scene.v, 'SS') ? scene.sndSn : undefined,
    },
    newActivityIdentifier: Uint8Array.of(2),
  }
}

function codeOf(type: Type): number | undefined {
  const code = ['r', 'a', 's'].indexOf(type)
  return code < 0 ? undefined : code
}

function numberOf(sn: number): number | undefined {
  return sn === NONE ? undefined : sn
}
