// The request that a scene asks for.

import type { FlowResync, Request } from '../../../src/machine/index.ts'
import { hasUnit, NONE, type Scene, type Type } from './scene.ts'

/** The request of an event's name. */
export function requestOf(event: string, scene: Scene): Request {
  const { v, sn, tokens } = scene
  const activity = Uint8Array.of(1)
  const symmetric = hasUnit(v, 'SS')
  switch (event) {
    case 'SCONreq':
      return { name: event, units: 2, userData: new Uint8Array(scene.overflow ? 11_000 : 0) }
    case 'SCONrsp+':
      return { name: event, units: v.FU, tokens, serialNumber: sn, secondSerialNumber: sn + 1 }
    case 'SCONrsp-':
      return { name: event, reason: 0 }
    case 'SDTreq':
    case 'STDreq':
    case 'SEXreq':
      return { name: event, data: [Uint8Array.of(1)] }
    case 'SGTreq':
    case 'SPTreq':
      return { name: event, tokens }
    case 'SSYNmreq':
      return { name: event }
    case 'SSYNmdreq':
      return { name: 'SSYNmreq', dataSeparation: true }
    case 'SSYNmrsp':
      return { name: event, serialNumber: sn }
    case 'SRSYNreq':
    case 'SRSYNreq(a)':
    case 'SRSYNreq(r)':
    case 'SRSYNreq(s)':
      return {
        name: 'SRSYNreq',
        flow: symmetric ? undefined : flowOf(scene.type, sn),
        sending: flowOf(scene.sndType, scene.sndSn),
        receiving: flowOf(scene.rcvType, scene.rcvSn),
      }
    case 'SRSYNrsp':
      return {
        name: event,
        tokens,
        serialNumber: v.Vrsp === 's' ? sn : undefined,
        sendingSerialNumber: v.Vrsps === 's' ? scene.sndSn : undefined,
        receivingSerialNumber: v.Vrspr === 's' ? scene.rcvSn : undefined,
      }
    case 'SACTSreq':
      return { name: event, activity }
    case 'SACTRreq':
      return {
        name: event,
        activity,
        oldActivity: activity,
        serialNumber: sn,
        secondSerialNumber: symmetric ? scene.rcvSn : undefined,
      }
    case 'SUERreq':
      return { name: event, reason: 1 }
    default:
      // What is left has a name only.
      return { name: event } as Request
  }
}

function flowOf(type: Type, sn: number): FlowResync | undefined {
  if (type === 'a') return { type: 'abandon' }
  if (type === 'r') return { type: 'restart', serialNumber: sn }
  return type === 's' && sn !== NONE ? { type: 'set', serialNumber: sn } : undefined
}
