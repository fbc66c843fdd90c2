// The serial numbers on what is sent, from Tables A.4 and A.5.

import type { FactArm } from '../support/facts.ts'
import type { Happened } from './drive.ts'
import { hasUnit, NONE, type Scene } from './scene.ts'
import { merged, type Wish } from './winner.ts'

/** Serial Number and Second Serial Number of each SPDU sent that has one. */
export function sentNumbers({ details }: Happened): readonly unknown[] {
  return details.flatMap((detail) => {
    if ('do' in detail || detail.later === true) return []
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
      default:
        return []
    }
  })
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
