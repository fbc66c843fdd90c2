// Random functional units: what may be proposed together, and what may be selected out of a proposal (section
// 4 of the rules of X.225), written anew so that the machine's own arithmetic is checked by it.

import { functionalUnit as unit } from '../../src/machine/index.ts'
import type { SeededRandom } from '../../src/testing/index.ts'

const { halfDuplex, duplex, minorSynchronize, symmetricSynchronize, dataSeparation } = unit
const all = Object.values(unit)

/** Units that may be proposed, all of them among `own`. */
export function proposal(random: SeededRandom, own: number): number {
  let units = subset(random, own, 0.75) & own
  if ((units & (halfDuplex | duplex)) === 0) units |= own & (random.chance(0.5) ? halfDuplex : duplex)
  if ((units & (halfDuplex | duplex)) === 0) units |= own & (halfDuplex | duplex)
  return dependent(units)
}

/** Units that may answer a proposal; 0 when nothing may. */
export function selection(random: SeededRandom, proposed: number): number {
  const modes = [halfDuplex, duplex].filter((mode) => (proposed & mode) !== 0)
  if (modes.length === 0) return 0
  let units = subset(random, proposed & ~(halfDuplex | duplex), 0.9) | random.pick(modes)
  if ((units & minorSynchronize) !== 0 && (units & symmetricSynchronize) !== 0) {
    units &= ~random.pick([minorSynchronize, symmetricSynchronize])
  }
  if ((units & unit.activityManagement) !== 0) units &= ~dataSeparation
  return dependent(units)
}

/** Without the units whose company is missing. */
function dependent(units: number): number {
  let kept = units
  if ((kept & unit.activityManagement) === 0) kept &= ~unit.capabilityData
  if ((kept & halfDuplex) === 0) kept &= ~unit.exceptions
  if ((kept & (minorSynchronize | symmetricSynchronize)) === 0) kept &= ~dataSeparation
  return kept
}

function subset(random: SeededRandom, units: number, share: number): number {
  let chosen = 0
  for (const one of all) if ((units & one) !== 0 && random.chance(share)) chosen |= one
  return chosen
}
