// What must hold after every step of a simulation, and what must hold when nothing is under way. Each returns
// by throwing: the sentence says what is wrong.

import {
  functionalUnit as unit,
  tokenBit,
  type SessionVariables,
  type StateName,
} from '../../src/machine/index.ts'
import { SimulationFailure } from './failure.ts'
import type { Strained } from './races.ts'
import type { End, World } from './world.ts'

/** After every step. */
export function checkStep(world: World): void {
  const { A, B } = world
  checkVariables(A)
  checkVariables(B)
  if (settled(A) && settled(B)) {
    const twice = A.machine.tokens & B.machine.tokens
    if (twice !== 0) throw new SimulationFailure(`A and B own the tokens ${nameTokens(twice)}`)
  }
}

/** The states of one end in which it has the session connection and is sure of its tokens. */
const UNSURE: ReadonlySet<StateName> = new Set([
  'STA01', 'STA01A', 'STA01B', 'STA01C', 'STA01D', 'STA02A', 'STA02B', 'STA08', 'STA16', 'STA15D',
  'STA05A', 'STA05B', 'STA05C', 'STA06', 'STA15C',
]) // prettier-ignore

function settled({ machine }: End): boolean {
  return !UNSURE.has(machine.state)
}

const CLOSED: ReadonlySet<StateName> = new Set([
  'STA01', 'STA01A', 'STA01B', 'STA01C', 'STA01D', 'STA02A', 'STA02B', 'STA08', 'STA15D', 'STA16',
]) // prettier-ignore

function checkVariables({ side, machine }: End): void {
  const { state } = machine
  if (CLOSED.has(state)) return
  const v = machine.variables
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new SimulationFailure(`${side} in ${state}: not ${what} (${picture(v)})`)
  }
  const symmetric = (v.FU & unit.symmetricSynchronize) !== 0
  if (symmetric) {
    must(fits(v.VAs, v.VMs) && fits(v.VAr, v.VMr), 'V(A*) <= V(M*)')
    must(v.VRs <= v.VAs && v.VRr <= v.VAr, 'V(R*) <= V(A*)')
    must(v.VMs <= LAST && v.VMr <= LAST, 'V(M*) within six digits')
  } else {
    must(fits(v.VA, v.VM), 'V(A) <= V(M)')
    must(v.VR <= v.VA, 'V(R) <= V(A)')
    must(v.VM <= LAST, 'V(M) within six digits')
  }
  if (state !== 'STA713') return
  must(symmetric || (v.VAdo < v.VM && v.VAdi < v.VM), 'V(Ado) and V(Adi) < V(M)')
  must(v.Vrsp === 'no', 'Vrsp = no')
  must(!symmetric || (v.Vrsps === 'no' && v.Vrspr === 'no'), 'Vrsp* = no')
  must(!v.discardSent && !v.discardReceived, 'nothing discarded')
}

/** One more than the largest serial number: where V(M) ends. */
const LAST = 1_000_000

/** When nothing is under way, nobody waits for an answer and no timer runs. */
export function checkQuiet(world: World): void {
  const { A, B } = world
  const states = `${A.machine.state} ${B.machine.state}`
  const rest = ['STA01 STA01', 'STA01C STA01C', 'STA713 STA713']
  if (!rest.includes(states)) throw new SimulationFailure(`A and B wait for ever in ${states}`)
  if (states === 'STA01 STA01' && world.link.open)
    throw new SimulationFailure('a transport connection is left')
  if (states === 'STA713 STA713') checkAgreement(A, B, world.strained)
  else world.strained.clear()
  const fault = world.ledger.settle()
  if (fault !== undefined) throw new SimulationFailure(fault)
}

/** Pairs of variables that mean the same at the two ends. */
const ALIKE = ['FU', 'version', 'available', 'TEXP'] as const
const PLAIN = ['VM', 'VR'] as const
const MIRRORED = [
  ['VAs', 'VAr'],
  ['VMs', 'VMr'],
  ['VRs', 'VRr'],
] as const

function checkAgreement(A: End, B: End, strained: ReadonlySet<Strained>): void {
  const a = A.machine.variables
  const b = B.machine.variables
  const symmetric = (a.FU & unit.symmetricSynchronize) !== 0
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new SimulationFailure(`A and B differ in ${what}: ${picture(a)} | ${picture(b)}`)
  }
  for (const name of ALIKE) must(a[name] === b[name], name)
  must((a.owned & a.available) + (b.owned & b.available) === a.available, 'who owns the tokens')
  const activities = (a.FU & unit.activityManagement) !== 0
  must(!activities || a.Vact === b.Vact, 'Vact')
  checkQueues(A, B)
  // Where activities are selected, points are counted inside one only.
  if ((activities && !a.Vact) || strained.has('numbers')) return
  if (symmetric) {
    for (const [sent, received] of MIRRORED) must(a[sent] === b[received] && a[received] === b[sent], sent)
  } else {
    if (!strained.has('confirmations')) must(a.VA === b.VA, 'VA')
    for (const name of PLAIN) must(a[name] === b[name], name)
    must(!(a.Vsc && b.Vsc), 'who may confirm')
  }
  must(a.VAdo === b.VAdi && a.VAdi === b.VAdo, 'V(Ado) and V(Adi)')
}

function checkQueues(A: End, B: End): void {
  for (const { machine } of [A, B]) {
    const { queue } = machine.variables as SessionVariables & { readonly queue?: readonly unknown[] }
    if ((queue?.length ?? 0) > 0) throw new SimulationFailure('events wait for ever')
  }
}

function nameTokens(tokens: number): string {
  return Object.entries(tokenBit)
    .flatMap(([name, bit]) => ((tokens & bit) === 0 ? [] : [name]))
    .join(', ')
}

function picture(v: SessionVariables): string {
  return Object.entries(v)
    .filter(([name, value]) => typeof value !== 'object' && value !== undefined && name !== 'now')
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
}

/** V(A) and V(M); when the numbers are used up, an abandon names the last one, which is below V(A). */
function fits(confirmed: number, next: number): boolean {
  return confirmed <= next || confirmed === LAST
}
