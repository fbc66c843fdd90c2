// SPMwinner from its description, written a second time for the oracle.

import { hasUnit, NONE, type Scene, type Type } from './scene.ts'

/** What is recorded or asked for of one flow. */
export interface Wish {
  readonly type: Type
  readonly sn: number
}

const order: readonly Type[] = ['no', 'r', 's', 'a', 'int', 'dsc']

/** SPMwinner. */
export function recordedPrevails(scene: Scene): boolean {
  const tie = !newcomerInitiates(scene)
  if (!hasUnit(scene.v, 'SS')) {
    const { Vrsp, Vrspnb } = scene.v
    return beats({ type: Vrsp, sn: Vrspnb }, { type: scene.type, sn: scene.sn }) ?? tie
  }
  const verdicts = flows(scene).map(({ old, young }) => verdict(old, young, tie))
  const some = (value: boolean): boolean => verdicts.includes(value)
  if (some(true) && some(false)) return tie
  return some(true) || (!some(false) && tie)
}

/** The value of each flow that prevails: what we send, what we receive. */
export function merged(scene: Scene): readonly [Wish, Wish] {
  const [sending, receiving] = flows(scene).map(({ old, young }) =>
    verdict(old, young, !newcomerInitiates(scene)) === false ? young : old,
  )
  if (sending === undefined || receiving === undefined) throw new Error('two flows')
  return [sending, receiving]
}

function newcomerInitiates({ v, fromUser }: Scene): boolean {
  return fromUser ? !v.Vtca : v.Vtca
}

/** The oracle's scenes record the same number for each type, see drive.ts. */
function flows({ v, sndType, sndSn, rcvType, rcvSn }: Scene): { old: Wish; young: Wish }[] {
  return [
    { old: wish(v.Vrsps, v.Vrspnbs), young: { type: sndType, sn: sndSn } },
    { old: wish(v.Vrspr, v.Vrspnbr), young: { type: rcvType, sn: rcvSn } },
  ]
}

function wish(type: Type, sn: number): Wish {
  return { type, sn: type === 'no' ? NONE : sn }
}

function beats(old: Wish, young: Wish): boolean | undefined {
  if (old.type !== young.type) return order.indexOf(old.type) > order.indexOf(young.type)
  return old.type === 'r' && old.sn !== young.sn ? old.sn < young.sn : undefined
}

function verdict(old: Wish, young: Wish, tie: boolean): boolean | undefined {
  if (old.type !== young.type || old.sn === young.sn) return beats(old, young)
  if (old.type === 'a') return old.sn > young.sn
  return old.type === 's' ? tie : beats(old, young)
}
