// The serial numbers on what is sent, from Tables A.4 and A.5.

import type { Indication } from '../../../src/machine/index.ts'
import type { FactArm } from '../support/facts.ts'
import type { Happened } from './drive.ts'
import { hasUnit, NONE, type Scene } from './scene.ts'
import { merged, type Wish } from './winner.ts'

/** Serial Number and Second Serial Number of what is sent, and the numbers of what is told, in order. */
export function sentNumbers({ details }: Happened): readonly unknown[] {
  return details.flatMap((detail) => {
    if ('do' in detail) return detail.do === 'indicate' ? toldNumbers(detail.primitive) : []
    if (detail.later === true) return []
    const first = 'serialNumber' in detail ? detail.serialNumber : undefined
    const second = 'secondSerialNumber' in detail ? detail.secondSerialNumber : undefined
    return first === undefined && second === undefined ? [] : [[detail.type, first, second]]
  })
}

/** The same as the tables want it. */
export function numbersOf(arm: FactArm, scene: Scene): readonly unknown[] {
  const { v, sn } = scene
  const symmetric = hasUnit(v, 'SS')
  const next = symmetric ? v.VMs : v.VM
  return arm.do.flatMap((step): unknown[] => {
    switch (step) {
      case 'MIP':
      case 'MAP':
      case 'AE':
        return [[step, next, undefined]]
      case 'MIA':
        return [[step, sn, undefined]]
      case 'MAA':
      case 'AEA':
        return [symmetric ? ['MAA', undefined, v.VMs] : ['MAA', v.VM - 1, undefined]]
      case 'RS':
      case 'RS-a':
      case 'RS-r':
      case 'RS-s':
        return [['RS', ...(symmetric ? both(scene) : [sn, undefined])]]
      case 'RA':
        return [['RA', ...(symmetric ? [given(scene.rcvSn), given(scene.sndSn)] : [sn, undefined])]]
      case 'SSYNmind':
      case 'SSYNmcnf':
      case 'SSYNMind':
      case 'SACTEind':
        return [[step, sn]]
      case 'SSYNMcnf':
      case 'SACTEcnf':
        return [[step, next - 1]]
      case 'SRSYNind':
        return [
          [step, ...(symmetric ? mergedAndRaised(scene) : [scene.type === 'a' ? Math.max(v.VM, sn) : sn])],
        ]
      case 'SRSYNcnf':
        return [[step, ...(symmetric ? confirmed(scene) : [sn])]]
      default:
        return []
    }
  })
}

function toldNumbers(primitive: Indication): readonly unknown[] {
  switch (primitive.name) {
    case 'SSYNmind':
    case 'SSYNmcnf':
    case 'SSYNMind':
    case 'SSYNMcnf':
    case 'SACTEind':
    case 'SACTEcnf':
      return [[primitive.name, primitive.serialNumber]]
    case 'SRSYNind':
    case 'SRSYNcnf': {
      const { name, flow, sending, receiving } = primitive
      const numbers =
        flow === undefined ? [sending?.serialNumber, receiving?.serialNumber] : [flow.serialNumber]
      return [[name, ...numbers]]
    }
    default:
      return []
  }
}

/** Note (2): of an abandon V(M) is told, once [19] has raised it. */
function mergedAndRaised(scene: Scene): (number | undefined)[] {
  const { v, sndType, sndSn, rcvType, rcvSn } = scene
  const [sending, receiving] = merged(scene)
  return [
    resolved(sending, sndType === 'a' ? Math.max(v.VMs, sndSn) : v.VMs),
    resolved(receiving, rcvType === 'a' ? Math.max(v.VMr, rcvSn) : v.VMr),
  ]
}

/** Of the flows that were asked for, the numbers that the answer has. */
function confirmed({ v, sndSn, rcvSn }: Scene): (number | undefined)[] {
  return [v.Vrsps === 'no' ? undefined : given(sndSn), v.Vrspr === 'no' ? undefined : given(rcvSn)]
}

function both(scene: Scene): (number | undefined)[] {
  const [sending, receiving] = merged(scene)
  return [resolved(sending, scene.v.VMs), resolved(receiving, scene.v.VMr)]
}

function resolved(wish: Wish, next: number): number | undefined {
  return wish.type === 'a' ? next : given(wish.sn)
}

function given(sn: number): number | undefined {
  return sn === NONE ? undefined : sn
}
