// Races that the printed tables of X.225 leave open: both sides do what the tables allow, and one of them
// ends in a cell that is blank. The machine aborts there, as Annex A says; the simulation takes such an abort
// for what it is, and only these.

import { functionalUnit as unit, type SessionMachine } from '../../src/machine/index.ts'
import { describe } from '../../src/spdu/index.ts'

/** One race. */
export interface Hole {
  /** What the machine says of the blank cell. */
  readonly message: RegExp
  /** Only after this has been put out of step. */
  readonly after?: Strained
  /** Only where the transport has an expedited flow. */
  readonly expedited: boolean
  readonly why: string
}

const holes: readonly Hole[] = [
  {
    message: /the peer sent A[DI] in STA713 /,
    expedited: true,
    why:
      'S-ACTIVITY-DISCARD or INTERRUPT asked for in STA04B crosses the ACTIVITY END ACK: without ' +
      'an activity PREPARE (RESYNCHRONIZE) is queued until one begins, ' +
      'and the SPDU that follows it has no cell',
  },
  {
    message: /the peer sent RS(-[ars])? in STA15C /,
    expedited: true,
    why:
      'a RESYNCHRONIZE that lost against ACTIVITY INTERRUPT or DISCARD is overtaken by the PREPARE ' +
      '(RESYNCHRONIZE ACK) of the answer: STA05B and STA05C ignore it, STA15C does not',
  },
  {
    message: /the peer sent ED in STA15B /,
    expedited: true,
    why: 'EXCEPTION DATA is overtaken by the PREPARE of a RESYNCHRONIZE that its sender asked for afterwards',
  },
  {
    message: /the peer sent FN-n?r in STA09 /,
    expedited: false,
    why: 'S-RELEASE asked for twice in STA09, where a collision already is one: no guard stops the second',
  },
  {
    message: /the peer sent (MIP|MIP-d|MIA) in STA09 /,
    expedited: false,
    why: 'releases collide while minor points without a token are set or confirmed: STA09 has no guard',
  },
  {
    message: /the peer sent (DT|TD|EX|MIP|MIP-d|MIA) in STA(713|04A|04B|09|10A|10B|11A) /,
    after: 'flows',
    expedited: false,
    why:
      'with symmetric synchronize the requestor of a RESYNCHRONIZE of one flow goes on with the other ' +
      'in STA05A and STA15C, while the answer has already taken the data token ' +
      'from it, or another RESYNCHRONIZE has ' +
      'crossed and prevailed in that flow, or (MIP-d in STA11A) a cell is missing at its peer',
  },
]

/** The hole that a provider abort fell into, or undefined. */
export function holeOf(
  message: string,
  expedited: boolean,
  strained: ReadonlySet<Strained>,
): Hole | undefined {
  return holes.find(
    (hole) =>
      hole.message.test(message) &&
      (expedited || !hole.expedited) &&
      (hole.after === undefined || strained.has(hole.after)),
  )
}

/**
 * What may no longer agree: the numbers of points, what of them is confirmed, the flow
 * each of two sides goes on with.
 */
export type Strained = 'numbers' | 'confirmations' | 'flows'

/**
 * With symmetric synchronize, the third race: ACTIVITY END crosses a RESYNCHRONIZE of the other flow only.
 * The tables throw it away uncounted whatever flow it is on, though its sender has counted it.
 */
export function strains(machine: SessionMachine, octets: Uint8Array): boolean {
  const { state, variables } = machine
  const symmetric = (variables.FU & unit.symmetricSynchronize) !== 0
  return symmetric && THROWING.has(state) && / AE /.test(describe(octets))
}

const THROWING: ReadonlySet<string> = new Set(['STA05A', 'STA06', 'STA15B', 'STA15C'])
