// What the users of a simulation ask: one row per request, with where it has a chance of being legal and how
// its parameters are made up. Rows are hints only; what is legal the machine alone decides.

import {
  exceptionReason,
  functionalUnit as unit,
  refuseReason,
  tokenBit,
  type ConnectIndication,
  type FlowResync,
  type Request,
  type SessionVariables,
  states,
  type StateName,
} from '../../src/machine/index.ts'
import type { SeededRandom } from '../../src/testing/index.ts'
import { proposal, selection } from './units.ts'

/** A user's view of its machine, and what chance decides for it. */
export interface View {
  readonly state: StateName
  readonly v: SessionVariables
  readonly random: SeededRandom
  /** What this side's machine has been told it can do. */
  readonly units: number
  /** The connection that has been indicated and not answered. */
  readonly asked: ConnectIndication | undefined
  /** User data of an SSDU: counted, so that the other side can tell what came. */
  readonly data: (least: number, most: number) => Uint8Array
}

/** One kind of request. */
export interface Row {
  readonly weight: number
  readonly states: readonly StateName[]
  readonly hint?: (view: View) => boolean
  readonly make: (view: View) => Request
}

const has = ({ v }: View, units: number): boolean => (v.FU & units) !== 0
/** The token exists and is ours. */
const mine = ({ v }: View, token: number): boolean => (v.available & v.owned & token) !== 0
/** The token does not exist or is ours. */
const free = ({ v }: View, token: number): boolean => (v.available & ~v.owned & token) === 0
const { data: dk, synchronizeMinor: mi, majorActivity: ma, release: tr } = tokenBit
const { activityManagement: ACT, symmetricSynchronize: SS } = unit

/** States in which data may be sent, with more or less luck. */
const DATA = [
  'STA713',
  'STA713',
  'STA09',
  'STA10A',
  'STA10B',
  'STA15A',
  'STA04A',
  'STA05A',
  'STA06',
  'STA15C',
] as const
/** States in which a resynchronization or the end of an activity may be asked for. */
const BREAK = [
  'STA713', 'STA09', 'STA04A', 'STA04B', 'STA05A', 'STA06', 'STA10A', 'STA10B', 'STA11A', 'STA15A',
  'STA15B', 'STA19', 'STA20',
] as const // prettier-ignore

/** States whose users may ask as before, not knowing what is on its way to them. */
export const unaware: ReadonlySet<StateName> = new Set(['STA15B', 'STA15D'])

/** Every request by its name. */
export const rows: { readonly [name in Request['name']]: Row } = {
  SCONreq: { weight: 20, states: ['STA01', 'STA01C'], make: connect },
  'SCONrsp+': { weight: 20, states: ['STA08'], make: accept },
  'SCONrsp-': { weight: 1, states: ['STA08'], make: refuse },
  SDTreq: {
    weight: 20,
    states: DATA,
    hint: (view) => free(view, dk),
    make: (view) => ({ name: 'SDTreq', data: parts(view, view.data(4, 700)) }),
  },
  STDreq: {
    weight: 6,
    states: DATA,
    hint: (view) => has(view, unit.typedData),
    make: (view) => ({ name: 'STDreq', data: parts(view, view.data(4, 300)) }),
  },
  SEXreq: {
    weight: 8,
    states: DATA,
    hint: (view) => has(view, unit.expedited),
    make: (view) => ({ name: 'SEXreq', data: [view.data(4, view.random.chance(0.95) ? 14 : 20)] }),
  },
  SGTreq: {
    weight: 5,
    states: ['STA713', 'STA20', 'STA10A', 'STA04A'],
    hint: ({ v }) => (v.available & v.owned) !== 0,
    make: (view) => ({ name: 'SGTreq', tokens: some(view, view.v.available & view.v.owned), ...extra(view) }),
  },
  SPTreq: {
    weight: 3,
    states: ['STA713', 'STA09', 'STA10A', 'STA20'],
    hint: ({ v }) => (v.available & ~v.owned) !== 0,
    make: (view) => ({
      name: 'SPTreq',
      tokens: some(view, view.v.available & ~view.v.owned),
      ...extra(view),
    }),
  },
  SCGreq: {
    weight: 2,
    states: ['STA713'],
    hint: (view) => has(view, ACT) && !view.v.Vact && mine(view, ma),
    make: (view) => ({ name: 'SCGreq', ...extra(view) }),
  },
  SCDreq: {
    weight: 4,
    states: ['STA713'],
    hint: (view) => has(view, unit.capabilityData) && !view.v.Vact,
    make: (view) => ({ name: 'SCDreq', ...extra(view) }),
  },
  SCDrsp: { weight: 8, states: ['STA22'], make: (view) => ({ name: 'SCDrsp', ...extra(view) }) },
  SSYNmreq: {
    weight: 8,
    states: ['STA713', 'STA10A', 'STA09', 'STA05A', 'STA06', 'STA11A', 'STA15C'],
    hint: (view) => has(view, unit.minorSynchronize | SS) && free(view, mi),
    make: (view) => ({
      name: 'SSYNmreq',
      confirm: view.random.chance(0.5),
      dataSeparation: has(view, unit.dataSeparation) ? view.random.chance(0.5) : view.random.chance(0.02),
      ...extra(view),
    }),
  },
  SSYNmrsp: {
    weight: 8,
    states: ['STA713', 'STA10A', 'STA10B', 'STA04A', 'STA09', 'STA06', 'STA15C'],
    hint: ({ v }) => v.Vsc || v.VAr < v.VMr,
    make: (view) => ({ name: 'SSYNmrsp', serialNumber: confirmable(view), ...extra(view) }),
  },
  SSYNMreq: {
    weight: 4,
    states: ['STA713'],
    hint: (view) => has(view, unit.majorSynchronize) && mine(view, ma),
    make: (view) => ({ name: 'SSYNMreq', ...extra(view) }),
  },
  SSYNMrsp: { weight: 8, states: ['STA10A'], make: (view) => ({ name: 'SSYNMrsp', ...extra(view) }) },
  SRSYNreq: { weight: 3, states: BREAK, hint: (view) => has(view, unit.resynchronize), make: resynchronize },
  SRSYNrsp: {
    weight: 8,
    states: ['STA11A'],
    make: (view) => ({ name: 'SRSYNrsp', ...places(view, 1), ...extra(view) }),
  },
  SACTSreq: {
    weight: 8,
    states: ['STA713'],
    hint: (view) => has(view, ACT) && !view.v.Vact && mine(view, ma),
    make: (view) => ({ name: 'SACTSreq', activity: octets(view, 1, 6), ...extra(view) }),
  },
  SACTRreq: {
    weight: 4,
    states: ['STA713'],
    hint: (view) => has(view, ACT) && !view.v.Vact && mine(view, ma),
    make: resume,
  },
  SACTIreq: {
    weight: 1.5,
    states: BREAK,
    hint: (view) => view.v.Vact && mine(view, ma),
    make: (view) => ({ name: 'SACTIreq', ...reason(view), ...extra(view) }),
  },
  SACTIrsp: { weight: 8, states: ['STA11B'], make: (view) => ({ name: 'SACTIrsp', ...extra(view) }) },
  SACTDreq: {
    weight: 1.5,
    states: BREAK,
    hint: (view) => view.v.Vact && mine(view, ma),
    make: (view) => ({ name: 'SACTDreq', ...reason(view), ...extra(view) }),
  },
  SACTDrsp: { weight: 8, states: ['STA11C'], make: (view) => ({ name: 'SACTDrsp', ...extra(view) }) },
  SACTEreq: {
    weight: 3,
    states: ['STA713'],
    hint: (view) => view.v.Vact && mine(view, ma),
    make: (view) => ({ name: 'SACTEreq', ...extra(view) }),
  },
  SACTErsp: { weight: 8, states: ['STA10B'], make: (view) => ({ name: 'SACTErsp', ...extra(view) }) },
  SUERreq: {
    weight: 3,
    states: ['STA713', 'STA04A', 'STA10A', 'STA15A', 'STA05A'],
    hint: (view) => has(view, unit.exceptions) && !free(view, dk),
    make: (view) => ({ name: 'SUERreq', reason: view.random.pick(REASONS), ...extra(view) }),
  },
  SRELreq: {
    weight: 1,
    states: ['STA713', 'STA09'],
    hint: ({ v }) => (v.available & ~v.owned) === 0,
    make: (view) => ({ name: 'SRELreq', ...extra(view) }),
  },
  'SRELrsp+': { weight: 8, states: ['STA09'], make: (view) => ({ name: 'SRELrsp+', ...extra(view) }) },
  'SRELrsp-': {
    weight: 6,
    states: ['STA09'],
    hint: (view) => mine(view, tr) || has(view, unit.negotiatedRelease),
    make: (view) => ({ name: 'SRELrsp-', ...extra(view) }),
  },
  SUABreq: {
    weight: 0.15,
    states: states.filter((state) => !['STA01', 'STA01A', 'STA16'].includes(state)),
    make: (view) => ({ name: 'SUABreq', ...extra(view) }),
  },
}

/** The last numbers are used up: a point can no longer be answered, only the session connection ended. */
export function exhausted({ v }: View): boolean {
  return (v.FU & SS) !== 0 && v.VMs > 999_999
}

/** What a user that is asked something has to choose from: with one of these it goes on. */
export const answers: ReadonlyMap<StateName, readonly Request['name'][]> = new Map<
  StateName,
  readonly Request['name'][]
>([
  ['STA08', ['SCONrsp+', 'SCONrsp-']],
  ['STA09', ['SRELrsp+', 'SRELrsp-']],
  ['STA10A', ['SSYNMrsp']],
  ['STA10B', ['SACTErsp']],
  ['STA11A', ['SRSYNrsp']],
  ['STA11B', ['SACTIrsp']],
  ['STA11C', ['SACTDrsp']],
  ['STA20', ['SGTreq', 'SRSYNreq', 'SACTIreq', 'SACTDreq', 'SUABreq']],
  ['STA22', ['SCDrsp']],
])

const REASONS = Object.values(exceptionReason)

function connect(view: View): Request {
  const { random, units } = view
  const proposed = proposal(random, units)
  const name = random.chance(0.3)
    ? { reference: octets(view, 1, 64), common: octets(view, 1, 64) }
    : undefined
  return {
    name: 'SCONreq',
    units: random.chance(0.02) ? random.below(0x2000) : proposed,
    ...(random.chance(0.3) ? { callingSelector: octets(view, 1, 16) } : {}),
    ...(name === undefined ? {} : { identifier: name }),
    tokens: settings(random, 2),
    ...numbers(view, proposed),
    ...(random.chance(0.03) ? { userData: view.data(500, 25_000) } : extra(view)),
  }
}

function accept(view: View): Request {
  const { random } = view
  const units = selection(random, view.asked?.units ?? 0)
  if (units === 0 && random.chance(0.9)) return refuse(view)
  return {
    name: 'SCONrsp+',
    units,
    tokens: settings(random, 1),
    ...(random.chance(0.2) ? { pleaseTokens: random.below(128) & (dk | mi | ma | tr) } : {}),
    ...(random.chance(0.5) ? numbers(view, units) : {}),
    ...extra(view),
  }
}

function refuse(view: View): Request {
  const { random } = view
  const because = random.pick([refuseReason.user, refuseReason.temporaryCongestion, refuseReason.userData])
  return {
    name: 'SCONrsp-',
    reason: because,
    ...(because === refuseReason.userData || random.chance(0.02) ? extra(view) : {}),
  }
}

function resynchronize(view: View): Request {
  const { v, random } = view
  const both = random.below(3)
  const flows = !has(view, SS)
    ? { flow: flow(view, v.VR, v.VM) }
    : {
        ...(both === 1 ? {} : { sending: flow(view, v.VRs, v.VMs) }),
        ...(both === 2 ? {} : { receiving: flow(view, v.VRr, v.VMr) }),
      }
  return { name: 'SRSYNreq', ...flows, ...places(view, 2), ...extra(view) }
}

function flow({ random }: View, least: number, most: number): FlowResync {
  const type = random.pick(['restart', 'restart', 'abandon', 'set'] as const)
  if (type === 'abandon') return { type }
  if (type === 'set') return { type, serialNumber: random.chance(0.9) ? random.below(50) : number(random) }
  const within = least + random.below(Math.max(1, most - least + 1))
  return { type, serialNumber: random.chance(0.95) ? within : number(random) }
}

function resume(view: View): Request {
  const { random } = view
  const elsewhere = random.chance(0.3)
    ? {
        calledReference: octets(view, 1, 64),
        callingReference: octets(view, 1, 64),
        common: octets(view, 1, 64),
      }
    : {}
  return {
    name: 'SACTRreq',
    activity: octets(view, 1, 6),
    oldActivity: octets(view, 1, 6),
    serialNumber: random.chance(0.9) ? random.below(100) : number(random),
    ...(has(view, SS) && random.chance(0.7) ? { secondSerialNumber: random.below(100) } : {}),
    ...elsewhere,
    ...extra(view),
  }
}

/** Any serial number, the last ones more often than their share. */
function number(random: SeededRandom): number {
  return random.chance(0.3) ? 1_000_000 - random.below(4) : random.below(1_000_000)
}

function confirmable(view: View): number {
  const { v, random } = view
  const [least, most] = has(view, SS) ? [v.VAr, v.VMr] : [v.VA, v.VM]
  return random.chance(0.95) ? least + random.below(Math.max(1, most - least)) : random.below(20)
}

function numbers({ random }: View, units: number): { serialNumber?: number; secondSerialNumber?: number } {
  const counted = unit.minorSynchronize | SS | unit.majorSynchronize | unit.resynchronize
  if ((units & counted) === 0 || (units & ACT) !== 0 || random.chance(0.3)) return {}
  const serialNumber = random.chance(0.9) ? random.below(100) : number(random) % 1_000_000
  return (units & SS) === 0 ? { serialNumber } : { serialNumber, secondSerialNumber: random.below(100) }
}

/** A Token Setting Item: for each token a value up to `most`. */
function settings(random: SeededRandom, most: number): number {
  let item = 0
  for (let shift = 0; shift < 8; shift += 2) item |= random.below(most + 1) << shift
  return item
}

function places({ random }: View, most: number): { tokens?: number } {
  return random.chance(0.5) ? { tokens: settings(random, random.chance(0.98) ? most : 3) } : {}
}

/** Of these tokens some; now and then others. */
function some({ random }: View, tokens: number): number {
  if (random.chance(0.03)) return random.below(256)
  return random.chance(0.4) ? tokens : tokens & random.below(128) || tokens
}

function reason({ random }: View): { reason?: number } {
  return random.chance(0.5) ? { reason: random.pick(REASONS) } : {}
}

/** User data of the kind that any request may have: mostly none, mostly short. */
function extra({ v, random }: View): { userData?: Uint8Array } {
  if (random.chance(0.6)) return {}
  if (random.chance(0.7)) return { userData: random.bytes(1 + random.below(20)) }
  const most = v.version === 2 && random.chance(0.3) ? 3000 : 520
  return { userData: random.bytes(1 + random.below(most)) }
}

function octets({ random }: View, least: number, most: number): Uint8Array {
  return random.bytes(least + random.below(most - least + 1))
}

function parts({ random }: View, data: Uint8Array): Uint8Array[] {
  if (random.chance(0.7)) return [data]
  const cut = random.below(data.length)
  return [data.subarray(0, cut), data.subarray(cut)]
}
