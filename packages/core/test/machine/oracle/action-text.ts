// Carries out the actions of Annex A from their text in the fixture. Those whose text is prose are written
// out here a second time, with the readings of the errata marked by name.

import { fixture } from '../support/facts.ts'
import { Parser, wordsOf } from './predicate-text.ts'
import { hasUnit, NONE, type Scene, type Type, type Variables } from './scene.ts'
import { merged } from './winner.ts'

/** What actions change beside the variables. */
export interface Effects {
  tim: 'start' | 'stop' | undefined
  queued: boolean
}

/** Carries out `[number]` for `event`. */
export function act(number: number, event: string, scene: Scene, effects: Effects): void {
  const told = prose.get(number)
  if (told !== undefined) return told(scene, event, effects)
  const text = fixture.actions[String(number)]
  if (text === undefined) throw new Error(`no action ${number}`)
  for (const statement of phrases(text).split(';')) run(statement.trim(), scene)
}

function phrases(text: string): string {
  return text
    .replace('both Discard flags=false', 'discardSent=discardReceived=false')
    .replaceAll('snd sn', 'sndSn')
    .replaceAll('rcv sn', 'rcvSn')
}

function run(statement: string, scene: Scene): void {
  if (statement.startsWith('if ')) {
    const parser = new Parser(wordsOf(statement.slice(3)))
    if (parser.or()(scene) !== true) return
    return run(parser.rest.join('').replace(/^\{(.*)\}$/, '$1'), scene)
  }
  const step = /^(.*)\+=1$/.exec(statement)
  const parts = step === null ? statement.split('=') : [step[1] ?? '', `${step[1]}+1`]
  const parser = new Parser(wordsOf(parts.at(-1) ?? ''))
  const value = parser.sum()(scene)
  if (parser.rest.length > 0) throw new Error(`not understood: ${statement}`)
  for (const target of parts.slice(0, -1)) assign(scene.v, target.trim(), value)
}

function assign(v: Variables, target: string, value: unknown): void {
  const name = target.replace(/^V\((\w+)\)$/, 'V$1')
  if (!(name in v)) throw new Error(`no variable ${target}`)
  Object.assign(v, { [name]: value })
}

type Act = (scene: Scene, event: string, effects: Effects) => void

const prose: ReadonlyMap<number, Act> = new Map<number, Act>([
  [3, (_scene, _event, effects) => void (effects.tim = 'stop')],
  [4, (_scene, _event, effects) => void (effects.tim = 'start')],
  [5, ({ v, sn }) => begin(v, { VA: carried(v, sn, v.VA), VM: carried(v, sn, v.VM), VR: 0, Vsc: false })],
  [6, () => undefined],
  [9, ({ v, localChoice }, event) => void (v.Vtrr = event.endsWith('-r') && localChoice)],
  [10, (_scene, _event, effects) => void (effects.queued = true)],
  [11, moveTokens],
  [13, ({ v }, event) => void (v.Vnextact = event === 'MAP' || event === 'SSYNMreq')],
  [16, record],
  [19, raise],
  [29, ({ v }) => leave(v, v.owned | v.available)],
  [30, ({ v }) => leave(v, v.owned & ~v.available)],
  [50, () => undefined],
  [51, () => undefined],
  [67, discard],
  [68, resynchronized],
  [71, beginSymmetric],
  [72, merge],
])

/** Annex A [5], with what `accept-symmetric` adds. */
function begin(v: Variables, more: Partial<Variables>): void {
  Object.assign(v, { Vcoll: false, Vdnr: false, Vrsp: 'no', VAdo: -1, VAdi: -1 }, more)
  v.discardSent = v.discardReceived = false
  if (hasUnit(v, 'ACT')) v.Vact = false
}

function beginSymmetric({ v, sn }: Scene, event: string): void {
  const [snd, rcv] = event === 'AC' ? [sn, sn + 1] : [sn + 1, sn]
  const s = { VAs: carried(v, snd, v.VAs), VMs: carried(v, snd, v.VMs), VRs: 0, Vrsps: 'no' as const }
  const r = { VAr: carried(v, rcv, v.VAr), VMr: carried(v, rcv, v.VMr), VRr: 0, Vrspr: 'no' as const }
  begin(v, { ...s, ...r })
}

/** A serial number is in the ACCEPT when points are counted and there are no activities. */
function carried(v: Variables, sn: number, otherwise: number): number {
  const counted = ['SY', 'SS', 'MA', 'RESYN'].some((unit) => hasUnit(v, unit))
  return counted && !hasUnit(v, 'ACT') ? sn : otherwise
}

/** The answers of drive.ts put the tokens of the scene at the acceptor of what is answered. */
function moveTokens({ v, tokens }: Scene, event: string): void {
  if (event === 'GT') v.owned |= tokens
  else if (event === 'SGTreq') v.owned &= ~tokens
  else if (event === 'GTC') v.owned |= v.available
  else if (event === 'SCGreq') v.owned &= ~v.available
  else if (event === 'AC' || event === 'RA') v.owned = v.available & ~tokens
  else if (event === 'SCONrsp+' || event === 'SRSYNrsp') v.owned = v.available & tokens
  else throw new Error(`[11] on ${event}`)
}

/** With `interrupt-recorded`. */
function record(scene: Scene): void {
  const { v, type, sn } = scene
  if (hasUnit(v, 'SS') && type === 'no') {
    merge(scene)
    v.discardSent ||= v.Vrsps !== 'no'
    v.discardReceived ||= v.Vrspr !== 'no'
    return
  }
  v.Vrsp = type
  if (type === 'r') v.Vrspnb = sn
  v.discardSent = v.discardReceived = true
}

function merge(scene: Scene): void {
  const { v } = scene
  const [sending, receiving] = merged(scene)
  v.Vrsps = sending.type
  if (sending.type === 'r') v.Vrspnbs = sending.sn
  v.Vrspr = receiving.type
  if (receiving.type === 'r') v.Vrspnbr = receiving.sn
}

/** With `abandoned-direction`. */
function raise({ v, sn, rcvType, rcvSn, sndType, sndSn }: Scene): void {
  if (!hasUnit(v, 'SS')) v.VM = Math.max(v.VM, sn)
  if (rcvType === 'a') v.VMr = Math.max(v.VMr, rcvSn)
  if (sndType === 'a') v.VMs = Math.max(v.VMs, sndSn)
}

/** With `flags-cleared`. */
function leave(v: Variables, owned: number): void {
  Object.assign(v, { owned, Vact: false, Vrsp: 'no', Vrsps: 'no', Vrspr: 'no' })
  v.discardSent = v.discardReceived = false
}

function discard({ v, sndType, rcvType }: Scene): void {
  const none = sndType === 'no' && rcvType === 'no'
  v.discardSent ||= none || sndType !== 'no'
  v.discardReceived ||= none || rcvType !== 'no'
}

/** With `separation-by-flow`. */
function resynchronized({ v, sndSn, rcvSn }: Scene): void {
  if (sndSn !== NONE) Object.assign(v, { VAs: sndSn, VMs: sndSn, VAdo: -1 })
  if (fresh(v.Vrsps)) v.VRs = 0
  if (rcvSn !== NONE) Object.assign(v, { VAr: rcvSn, VMr: rcvSn, VAdi: -1 })
  if (fresh(v.Vrspr)) v.VRr = 0
  Object.assign(v, { Vrsps: 'no', Vrspr: 'no' })
  v.discardSent = v.discardReceived = false
}

function fresh(type: Type): boolean {
  return type === 'a' || type === 's'
}
