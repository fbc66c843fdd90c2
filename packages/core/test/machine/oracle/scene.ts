// One situation for the oracle: the variables of Annex A and what the event at hand carries, drawn at random
// but such as the standard allows. Knows nothing of the machine.

import type { Variant } from '../support/facts.ts'

/** A resynchronization in progress, or one that an event asks for. */
export type Type = 'no' | 'a' | 'r' | 's' | 'int' | 'dsc'

/** Functional units by the names Annex A has for them, with their bits. */
export const unitBits: ReadonlyMap<string, number> = new Map([
  ['HD', 0x0001],
  ['FD', 0x0002],
  ['EX', 0x0004],
  ['SY', 0x0008],
  ['MA', 0x0010],
  ['RESYN', 0x0020],
  ['ACT', 0x0040],
  ['NR', 0x0080],
  ['CD', 0x0100],
  ['EXCEP', 0x0200],
  ['TD', 0x0400],
  ['SS', 0x0800],
  ['DS', 0x1000],
])

/** Tokens by the names Annex A has for them, with their bits. */
export const tokenBits: ReadonlyMap<string, number> = new Map([
  ['dk', 0x01],
  ['mi', 0x04],
  ['ma', 0x10],
  ['tr', 0x40],
])

/** The variables, under the names the machine gives them. */
export interface Variables {
  FU: number
  available: number
  owned: number
  TEXP: boolean
  Vtca: boolean
  Vtrr: boolean
  Vcoll: boolean
  Vdnr: boolean
  Vsc: boolean
  Vact: boolean
  Vnextact: boolean
  Vrsp: Type
  Vrsps: Type
  Vrspr: Type
  Vrspnb: number
  Vrspnbs: number
  Vrspnbr: number
  discardSent: boolean
  discardReceived: boolean
  VA: number
  VM: number
  VR: number
  VAs: number
  VMs: number
  VRs: number
  VAr: number
  VMr: number
  VRr: number
  VAdo: number
  VAdi: number
}

/** What the event carries, and local choices. */
export interface Scene {
  readonly v: Variables
  readonly fromUser: boolean
  /** Tokens asked for or given. */
  readonly tokens: number
  readonly sn: number
  readonly type: Type
  readonly sndType: Type
  readonly sndSn: number
  readonly rcvType: Type
  readonly rcvSn: number
  readonly localChoice: boolean
  readonly refused: boolean
  readonly overflow: boolean
  readonly endOfData: boolean
}

/** A serial number that is not carried. */
export const NONE = -2

/** A random number generator with a seed: `below(n)` is 0 to n - 1. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * n)
  }

  coin(): boolean {
    return this.below(2) === 0
  }

  of<T>(...choices: [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }
}

/** A situation for `event`. */
export function drawScene(dice: Dice, variant: Variant, event: string, fromUser: boolean): Scene {
  const v = drawVariables(dice, variant)
  const symmetric = hasUnit(v, 'SS')
  const near = symmetric ? dice.of(v.VMs, v.VMr, v.VAs, v.VAr) : dice.of(v.VM, v.VA, v.VR)
  const typed = /^(RS|RA|SRSYN|PR-RS)/.test(event)
  const one = typed && symmetric && dice.coin()
  const sndType = typed && symmetric ? drawType(dice) : 'no'
  const rcvType = typed && symmetric && !one ? drawType(dice) : 'no'
  return settle(event, {
    v,
    fromUser,
    tokens: v.available & dice.below(256) || v.available || 1,
    sn: Math.max(0, near + dice.below(3) - 1),
    type: symmetric ? activityType(event) : typeOf(event, dice),
    sndType,
    sndSn: sndType === 'no' ? NONE : dice.of(v.Vrspnbs, v.VMs, v.VRs, dice.below(5)),
    rcvType,
    rcvSn: rcvType === 'no' ? NONE : dice.of(v.Vrspnbr, v.VMr, v.VRr, dice.below(5)),
    localChoice: dice.coin(),
    refused: dice.coin(),
    overflow: dice.coin(),
    endOfData: dice.coin(),
  })
}

/** The numbers that the machine fills in, or that follow from others. */
function settle(event: string, scene: Scene): Scene {
  const { v, sn } = scene
  if (event === 'AR') return { ...scene, rcvSn: sn, sndSn: sn + 1 }
  if (event === 'SACTRreq') return { ...scene, sndSn: sn, rcvSn: sn + 1 }
  if (event.startsWith('SRSYNreq')) {
    return {
      ...scene,
      sn: scene.type === 'a' ? v.VM : sn,
      sndSn: scene.sndType === 'a' ? v.VMs : scene.sndSn,
      rcvSn: scene.rcvType === 'a' ? v.VMr : scene.rcvSn,
    }
  }
  if (event !== 'SRSYNrsp') return scene
  return {
    ...scene,
    sn: answered(v.Vrsp, v.Vrspnb, v.VM, sn),
    sndSn: answered(v.Vrsps, v.Vrspnbs, v.VMs, sn),
    rcvSn: answered(v.Vrspr, v.Vrspnbr, v.VMr, sn),
  }
}

function answered(type: Type, restart: number, next: number, set: number): number {
  if (type === 'r') return restart
  if (type === 'a') return next
  return type === 's' ? set : NONE
}

/** Every lawful scene that differs from this one in a single value. */
export function neighbours(event: string, scene: Scene): Scene[] {
  const found: Scene[] = []
  const { v } = scene
  const values: Readonly<Record<string, boolean | number | string>> = { ...v }
  for (const [name, value] of Object.entries(values)) {
    if (name === 'FU' || name === 'available' || name === 'owned') continue
    for (const other of othersThan(value)) found.push({ ...scene, v: { ...v, [name]: other } })
  }
  for (const bit of tokenBits.values()) {
    if ((v.available & bit) === 0) continue
    found.push({ ...scene, v: { ...v, owned: v.owned ^ bit } }, { ...scene, tokens: scene.tokens ^ bit })
  }
  for (const FU of unitsBeside(v)) {
    const available = tokensWith(FU)
    found.push({
      ...scene,
      v: { ...v, FU, available, owned: v.owned & available },
      tokens: scene.tokens & available,
    })
  }
  for (const name of ['sn', 'sndSn', 'rcvSn', 'localChoice', 'refused', 'overflow', 'endOfData'] as const) {
    for (const other of othersThan(scene[name])) found.push({ ...scene, [name]: other })
  }
  for (const name of ['sndType', 'rcvType'] as const) {
    if (scene[name] === 'no') continue
    for (const other of ['a', 'r', 's'] as const) found.push({ ...scene, [name]: other })
  }
  return found.map((each) => settle(event, { ...each, v: { ...each.v } }))
}

function othersThan(value: boolean | number | string): readonly (boolean | number | string)[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return value < 0 ? [] : [value + 1, ...(value > 0 ? [value - 1] : [])]
  return (['no', 'a', 'r', 's', 'int', 'dsc'] as const).filter((type) => type !== value)
}

/** Selections that differ by one unit, or by which of two exclusive ones it is, and are allowed. */
function unitsBeside(v: Variables): number[] {
  const swaps = [...unitBits.entries()].map(([name, bit]) => {
    if (name === 'HD' || name === 'FD') return 0x3
    return name === 'SS' ? 0 : bit
  })
  return swaps.map((bits) => v.FU ^ bits).filter((FU) => FU !== v.FU && lawful({ ...v, FU }))
}

function lawful(v: Variables): boolean {
  const has = (name: string): boolean => hasUnit(v, name)
  return (
    !(has('SY') && has('SS')) &&
    !(has('DS') && (has('ACT') || !(has('SY') || has('SS')))) &&
    !(has('EXCEP') && !has('HD')) &&
    !(has('CD') && !has('ACT')) &&
    !(has('EX') && !v.TEXP)
  )
}

/** FU(x). */
export function hasUnit(v: Variables, name: string): boolean {
  return (v.FU & (unitBits.get(name) ?? Number.NaN)) !== 0
}

function activityType(event: string): Type {
  if (/^(AI|SACTIreq)$/.test(event)) return 'int'
  return /^(AD|SACTDreq)$/.test(event) ? 'dsc' : 'no'
}

function typeOf(event: string, dice: Dice): Type {
  const named = /^(?:RS-|SRSYNreq\()([ars])/.exec(event)?.[1]
  if (named !== undefined) return named as Type
  return /^(RS|SRSYNreq)$/.test(event) ? drawType(dice) : activityType(event)
}

function drawType(dice: Dice): Type {
  return dice.of<Type>('a', 'r', 's')
}

function drawUnits(dice: Dice, variant: Variant, expedited: boolean): number {
  const names = new Set<string>([dice.of('HD', 'FD')])
  for (const name of ['MA', 'RESYN', 'ACT', 'NR', 'TD']) if (dice.below(3) > 0) names.add(name)
  if (variant === 'symmetric' && dice.below(3) > 0) names.add('SS')
  else if (dice.below(3) > 0) names.add('SY')
  if (names.has('ACT')) {
    if (dice.coin()) names.add('CD')
  } else if ((names.has('SY') || names.has('SS')) && dice.coin()) names.add('DS')
  if (names.has('HD') && dice.coin()) names.add('EXCEP')
  if (expedited && dice.coin()) names.add('EX')
  let units = 0
  for (const name of names) units |= unitBits.get(name) ?? 0
  return units
}

function tokensWith(units: number): number {
  const has = (name: string): boolean => (units & (unitBits.get(name) ?? 0)) !== 0
  return (
    (has('HD') ? 0x01 : 0) |
    (has('SY') ? 0x04 : 0) |
    (has('MA') || has('ACT') ? 0x10 : 0) |
    (has('NR') ? 0x40 : 0)
  )
}

function drawVariables(dice: Dice, variant: Variant): Variables {
  const TEXP = dice.coin()
  const FU = drawUnits(dice, variant, TEXP)
  const available = tokensWith(FU)
  const [VR, VA, VM] = drawNumbers(dice)
  const [VRs, VAs, VMs] = drawNumbers(dice)
  const [VRr, VAr, VMr] = drawNumbers(dice)
  return {
    FU,
    available,
    owned: dice.of(available, 0, available & dice.below(256)),
    TEXP,
    Vtca: dice.coin(),
    Vtrr: dice.coin(),
    Vcoll: dice.coin(),
    Vdnr: dice.coin(),
    Vsc: dice.coin(),
    Vact: dice.coin(),
    Vnextact: dice.coin(),
    Vrsp: dice.of<Type>('no', 'no', 'a', 'r', 's', 'int', 'dsc'),
    Vrsps: dice.of<Type>('no', 'no', 'a', 'r', 's'),
    Vrspr: dice.of<Type>('no', 'no', 'a', 'r', 's'),
    Vrspnb: dice.below(4),
    Vrspnbs: dice.below(4),
    Vrspnbr: dice.below(4),
    discardSent: dice.coin(),
    discardReceived: dice.coin(),
    VR,
    VA,
    VM,
    VRs,
    VAs,
    VMs,
    VRr,
    VAr,
    VMr,
    VAdo: dice.of(-1, dice.below(4)),
    VAdi: dice.of(-1, dice.below(4)),
  }
}

/** V(R) <= V(A) <= V(M). */
function drawNumbers(dice: Dice): [number, number, number] {
  const VR = dice.below(2)
  const VA = VR + dice.below(3)
  return [VR, VA, VA + 1 + dice.below(3)]
}
