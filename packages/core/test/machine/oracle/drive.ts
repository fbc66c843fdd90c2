// Puts a machine into a situation and lets an event happen to it: requests by its user, octets from its peer,
// the transport, the clock. What it does comes back in the names of Annex A.

import { coreLimits } from '../../../src/limits.ts'
import { machineConfig, SessionMachine, supportedUnits, type Output } from '../../../src/machine/index.ts'
import type { Spm } from '../../../src/machine/spm.ts'
import { STATE, type StateName } from '../../../src/machine/state.ts'
import {
  decodeExpedited,
  decodeTsdu,
  encodeTsdu,
  openingContext,
  type DecodedSpdu,
  type Spdu,
} from '../../../src/spdu/index.ts'
import type { Variant } from '../support/facts.ts'
import { joined } from '../support/pair.ts'
import { spduOf } from './spdus.ts'
import { requestOf } from './requests.ts'
import { hasUnit, type Scene, type Variables } from './scene.ts'

/** When TIM would expire in every scene. */
export const TIM = 1_000

/** What happened. */
export interface Happened {
  /** Names of outputs in order; MAA and AEA are the same octets and so one name. */
  readonly outputs: readonly string[]
  readonly details: readonly (DecodedSpdu | Output)[]
  readonly state: StateName
  readonly v: Variables
  readonly deadline: number | undefined
  /** How many events wait; undefined after [6], which leaves no queue. */
  readonly queued: number | undefined
}

/** Lets `event` happen in `state`. */
export function happen(variant: Variant, event: string, state: StateName, scene: Scene): Happened {
  const machine = new SessionMachine(
    machineConfig({
      units: supportedUnits,
      reuseTransport: scene.localChoice,
      refuse: () => (scene.refused ? 133 : undefined),
    }),
  )
  // The live view is the machine's memory: the one door through which a test may furnish it.
  const m = machine.variables as Spm
  furnish(m, variant, event, state, scene)
  const before = machine.state
  let outputs: readonly Output[]
  try {
    outputs = cause(machine, event, scene)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const unchanged = machine.state === before && m.deadline === TIM
    return report(m, machine.state, [`throws ${error.name} ${unchanged ? 'unchanged' : ''}`], [])
  }
  const named = outputs.map((output) => nameOf(variant, output))
  return report(
    m,
    machine.state,
    named.map(([name]) => name),
    named.map(([, detail]) => detail),
  )
}

function report(
  m: Spm,
  state: StateName,
  outputs: readonly string[],
  details: readonly (DecodedSpdu | Output)[],
): Happened {
  const { deadline } = m
  return { outputs, details, state, v: m, deadline, queued: m.queue?.length }
}

const unopened = new Set(['STA01', 'STA01A', 'STA01B', 'STA01C', 'STA01D', 'STA02A', 'STA02B', 'STA08'])

function furnish(m: Spm, variant: Variant, event: string, state: StateName, scene: Scene): void {
  const { v } = scene
  Object.assign(m, v)
  m.state = STATE[state]
  m.symmetric = variant === 'symmetric'
  m.version = unopened.has(state) ? undefined : 2
  m.own = { ...m.config, expedited: v.TEXP }
  m.deadline = TIM
  m.queue = []
  m.resyncSettings = 0xaa
  m.resyncNumber = v.Vrspnb
  m.resyncNumbers = v.Vrspnbs
  m.resyncNumberr = v.Vrspnbr
  if (!['STA01B', 'STA01D', 'STA02A', 'STA02B', 'STA08'].includes(state)) return
  const request = requestOf('SCONreq', scene)
  if (request.name !== 'SCONreq') throw new Error('no S-CONNECT')
  m.opening = {
    overflow: scene.overflow,
    request,
    connect: connectOf(v),
    rest: event === 'OA' ? new Uint8Array(10) : undefined,
    receivedOctets: 0,
  }
}

/** The CONNECT that was sent or received: every unit of the scene, every token left to the acceptor. */
function connectOf(v: Variables): Spdu<'CN'> {
  const counted = !hasUnit(v, 'ACT') && ['SY', 'SS', 'MA', 'RESYN'].some((unit) => hasUnit(v, unit))
  return {
    type: 'CN',
    connectAcceptItem: {
      protocolOptions: 0,
      versionNumber: 2,
      tokenSettingItem: 0xaa,
      initialSerialNumber: counted ? 0 : undefined,
      secondInitialSerialNumber: counted && hasUnit(v, 'SS') ? 0 : undefined,
    },
    sessionUserRequirements: v.FU,
  }
}

function cause(machine: SessionMachine, event: string, scene: Scene): readonly Output[] {
  if (/^S.*(req|rsp)/.test(event)) return machine.request(requestOf(event, scene), 0)
  if (event === 'TCONind') return machine.transport('accepted', 0, scene.v.TEXP)
  if (event === 'TCONcnf') return machine.transport('connected', 0, scene.v.TEXP)
  if (event === 'TDISind') return machine.transport('lost', 0)
  if (event === 'TIM') return machine.expire(TIM)
  const spdu = spduOf(event, scene)
  return machine.receive(joined(encodeTsdu([spdu])), 0, spdu.type === 'EX' || spdu.type === 'PR')
}

function nameOf(variant: Variant, output: Output): [string, DecodedSpdu | Output] {
  switch (output.do) {
    case 'indicate':
      return [output.primitive.name, output]
    case 'connect':
      return ['TCONreq', output]
    case 'accept':
      return ['TCONrsp', output]
    case 'disconnect':
      return ['TDISreq', output]
    default: {
      const octets = joined(output.tsdu)
      const [spdu] = output.expedited
        ? [decodeExpedited(octets, openingContext)]
        : decodeTsdu(octets, { ...openingContext, extended: true })
      if (spdu === undefined) throw new Error('nothing sent')
      return [spduName(variant, spdu), spdu]
    }
  }
}

function spduName(variant: Variant, spdu: DecodedSpdu): string {
  if (spdu.later === true) throw new Error('a segment')
  switch (spdu.type) {
    case 'FN':
    case 'RF':
      return `${spdu.type}-${spdu.transportDisconnect === 0 ? 'r' : 'nr'}`
    case 'AB':
      return `AB-${(spdu.transportDisconnect & 1) === 0 ? 'r' : 'nr'}`
    case 'MAA':
    case 'AEA':
      return 'MAA/AEA'
    case 'RS':
      return variant === 'symmetric' ? 'RS' : `RS-${['r', 'a', 's'][spdu.resyncType ?? 3] ?? '?'}`
    case 'PR':
      return ['', 'PR-MAA', 'PR-RS', 'PR-RA', 'PR-AB'][spdu.prepareType] ?? 'PR'
    default:
      return spdu.type
  }
}

/** What TIM is set to when it is started. */
export const STARTED: number = coreLimits.abortTimeout
