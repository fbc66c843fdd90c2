// Races that the tables leave open: both sides do what they allow, and the two no longer agree, or one of
// them ends in a cell that is blank. The machine aborts there, as Annex A says; the simulation takes such an
// abort for what it is, and only these. PICS.md prints the list.

import { functionalUnit as unit, type SessionMachine } from '../../src/machine/index.ts'
import { describe } from '../../src/spdu/index.ts'

/** One race. */
export interface Race {
  /** Clause and cells. */
  readonly where: string
  readonly what: string
  /** What this machine does. */
  readonly here: string
  /** What the machine says of the blank cell, and after what. */
  readonly aborts?: { readonly message: RegExp; readonly after: Strained }
}

/** All that are known. */
export const races: readonly Race[] = [
  {
    where: '7.24.3, Tables A.18 to A.20: DT, TD, EX, MIP and MIA of a flow that is not resynchronized',
    what:
      'With symmetric synchronize the requestor of a RESYNCHRONIZE of one flow goes on with the other in ' +
      'STA05A and STA15C, while the answer has already taken the data token from it, or another ' +
      'RESYNCHRONIZE has crossed and prevailed in that flow.',
    here: 'What arrives has no cell: S-P-ABORT and ABORT. Resynchronizing both flows at once avoids it.',
    aborts: {
      // In whatever state: the side that has the token goes on with anything.
      message: /^the peer sent (DT|TD|EX|MIP|MIP-d|MIA) in STA/,
      after: 'flows',
    },
  },
  {
    where: '7.24.3.3, Table A.20: RS in STA05A and STA06',
    what:
      'With symmetric synchronize two RESYNCHRONIZE cross and each prevails in one flow, over points that ' +
      'are on their way in it.',
    here:
      'As printed. The numbers of that flow may differ afterwards; the next point then has no cell and ' +
      'aborts. A resynchronize (set) of both flows makes them equal.',
    aborts: { message: /^the peer sent /, after: 'numbers' },
  },
  {
    where: 'Table A.21: AE in STA05A, STA06, STA15B and STA15C',
    what:
      'With symmetric synchronize ACTIVITY END crosses a RESYNCHRONIZE of the other flow only, and is ' +
      'thrown away uncounted, though its sender has counted it.',
    here: 'As the race before.',
  },
  {
    where: 'Tables A.10 and A.14: MAP in STA19',
    what:
      'A MAJOR SYNC POINT meets EXCEPTION DATA: it is counted at both sides and confirmed at neither, so ' +
      'V(A) may differ.',
    here: 'As printed. V(A) is equal again after the next major point or resynchronize.',
  },
]

/** The race that a provider abort came of, or undefined. */
export function raceOf(message: string, strained: ReadonlySet<Strained>): Race | undefined {
  return races.find(
    ({ aborts }) => aborts !== undefined && strained.has(aborts.after) && aborts.message.test(message),
  )
}

/**
 * What may no longer agree: the numbers of points, what of them is confirmed, the flow
 * each of two sides goes on with.
 */
export type Strained = 'numbers' | 'confirmations' | 'flows'

/** The third race: AE of a flow that goes on is thrown away. */
export function strains(machine: SessionMachine, octets: Uint8Array): boolean {
  const { state, variables } = machine
  const symmetric = (variables.FU & unit.symmetricSynchronize) !== 0
  return symmetric && THROWING.has(state) && / AE /.test(describe(octets))
}

const THROWING: ReadonlySet<string> = new Set(['STA05A', 'STA06', 'STA15B', 'STA15C'])
