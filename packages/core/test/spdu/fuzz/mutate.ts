// The structure-aware mutator: takes TSDUs apart, edits SPDUs, units, lengths and enclosure items, puts them
// together again with lengths that fit (or do not), and spoils octets. Everything follows from the generator
// it is given.

import type { Prng } from './prng.ts'
import { levelsOf, octetsOf, treeOf, type SpduNode, type UnitNode } from './tree.ts'

/** One input made from the seeds: one to four edits of one of them. */
export function mutate(seeds: readonly Uint8Array[], prng: Prng): Uint8Array {
  let tsdu: Uint8Array = prng.pick(seeds).slice()
  const edits = 1 + prng.below(4)
  for (let edit = 0; edit < edits; edit++) {
    if (prng.oneIn(3)) tsdu = prng.pick(octetEdits)(tsdu, prng, seeds)
    else {
      const tree = treeOf(tsdu.length > 0 ? tsdu : prng.pick(seeds))
      prng.pick(treeEdits)(tree, prng, seeds)
      tsdu = octetsOf(tree)
    }
  }
  return tsdu.length > maxOctets ? tsdu.subarray(0, maxOctets) : tsdu
}

/** Larger inputs only slow the run down; the long vector stays above the one-octet lengths at this size. */
const maxOctets = 700

type OctetEdit = (tsdu: Uint8Array, prng: Prng, seeds: readonly Uint8Array[]) => Uint8Array

const octetEdits: readonly OctetEdit[] = [
  function flipBits(tsdu, prng) {
    for (let flips = 1 + prng.below(3); flips > 0 && tsdu.length > 0; flips--) {
      const at = prng.below(tsdu.length)
      tsdu[at] = (tsdu[at] ?? 0) ^ (1 << prng.below(8))
    }
    return tsdu
  },
  function setOctet(tsdu, prng) {
    if (tsdu.length > 0)
      tsdu[prng.below(tsdu.length)] = prng.pick([0, 1, 2, 25, 127, 128, 193, 254, 255, prng.below(256)])
    return tsdu
  },
  function truncate(tsdu, prng) {
    return tsdu.slice(0, prng.below(tsdu.length + 1))
  },
  function extend(tsdu, prng) {
    return concat(tsdu, prng.octets(1 + prng.below(8)))
  },
  function cutOut(tsdu, prng) {
    const from = prng.below(tsdu.length + 1)
    return concat(tsdu.subarray(0, from), tsdu.subarray(from + 1 + prng.below(4)))
  },
  function splice(tsdu, prng, seeds) {
    const other = prng.pick(seeds)
    return concat(tsdu.subarray(0, prng.below(tsdu.length + 1)), other.subarray(prng.below(other.length + 1)))
  },
  function follow(tsdu, prng, seeds) {
    return concat(tsdu, prng.pick(seeds))
  },
]

type TreeEdit = (tree: SpduNode[], prng: Prng, seeds: readonly Uint8Array[]) => void

const treeEdits: readonly TreeEdit[] = [
  function insertUnit(tree, prng, seeds) {
    const level = someLevel(tree, prng)
    const unit = prng.oneIn(2) ? madeUp(prng) : borrowed(prng, seeds)
    if (unit !== undefined)
      level.splice(prng.oneIn(2) ? placeFor(level, unit) : prng.below(level.length + 1), 0, unit)
  },
  function deleteUnit(tree, prng) {
    const level = someLevel(tree, prng)
    if (level.length > 0) level.splice(prng.below(level.length), 1)
  },
  function duplicateUnit(tree, prng) {
    const level = someLevel(tree, prng)
    if (level.length === 0) return
    level.splice(prng.below(level.length + 1), 0, prng.pick(level))
  },
  function swapUnits(tree, prng) {
    const level = someLevel(tree, prng)
    if (level.length < 2) return
    const [taken] = level.splice(prng.below(level.length), 1)
    if (taken !== undefined) level.splice(prng.below(level.length + 1), 0, taken)
  },
  function changeValue(tree, prng) {
    const level = someLevel(tree, prng)
    if (level.length === 0) return
    const unit = prng.pick(level)
    unit.value = someValue(prng)
  },
  function lengthenLength(tree, prng) {
    const level = someLevel(tree, prng)
    if (level.length > 0 && prng.oneIn(2)) prng.pick(level).longLength = true
    else prng.pick(tree).longLength = true
  },
  function moveUnitInOrOut(tree, prng) {
    const from = someLevel(tree, prng)
    const [taken] = from.length > 0 ? from.splice(prng.below(from.length), 1) : []
    if (taken !== undefined) someLevel(tree, prng).push(taken)
  },
  function editEnclosure(tree, prng) {
    const spdu = prng.pick(tree)
    const value = Uint8Array.of(prng.below(4))
    const present = spdu.units.find((unit) => unit.code === 25)
    if (present !== undefined) present.value = value
    else spdu.units.splice(placeFor(spdu.units, { code: 25, value }), 0, { code: 25, value })
  },
  function makeLaterSegment(tree, prng) {
    const spdu = prng.pick(tree)
    spdu.units = spdu.units.filter((unit) => unit.code >= 193 || unit.code === 46 || unit.code === 50)
    spdu.units.unshift({ code: 25, value: Uint8Array.of(prng.pick([0, 2])) })
  },
  function changeSi(tree, prng) {
    prng.pick(tree).si = prng.oneIn(4)
      ? prng.below(256)
      : prng.pick([1, 2, 25, 26, 33, 41, 42, 45, 29, 49, 53])
  },
  function addSpdu(tree, prng, seeds) {
    const other = treeOf(prng.pick(seeds))
    if (other.length > 0) tree.splice(prng.below(tree.length + 1), 0, prng.pick(other))
  },
  function removeSpdu(tree, prng) {
    if (tree.length > 1) tree.splice(prng.below(tree.length), 1)
  },
  function concatenate(tree, prng, seeds) {
    // Extended concatenation: what stands behind another prefix comes behind this one.
    const more = treeOf(prng.pick(seeds)).slice(1)
    tree.splice(1 + prng.below(tree.length), 0, ...more)
  },
]

function someLevel(tree: readonly SpduNode[], prng: Prng): UnitNode[] {
  const levels = levelsOf(tree)
  return levels.length === 0 ? [] : prng.pick(levels)
}

const codes = [
  0, 2, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 33, 41, 42, 46, 49, 50, 51,
]
const moreCodes = [1, 5, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 64, 99, 193, 194, 195, 255]

function madeUp(prng: Prng): UnitNode {
  const code = prng.oneIn(4) ? prng.below(256) : prng.pick(prng.oneIn(2) ? codes : moreCodes)
  return { code, value: someValue(prng) }
}

function borrowed(prng: Prng, seeds: readonly Uint8Array[]): UnitNode | undefined {
  const units = levelsOf(treeOf(prng.pick(seeds))).flat()
  return units.length === 0 ? undefined : prng.pick(units)
}

function someValue(prng: Prng): Uint8Array {
  const kind = prng.below(4)
  if (kind === 0) return Uint8Array.of(prng.below(8))
  if (kind === 1) return Uint8Array.from({ length: 1 + prng.below(7) }, () => 0x30 + prng.below(10))
  if (kind === 2) return prng.octets(prng.below(20))
  return prng.octets(prng.pick([0, 1, 2, 4, 6, 9, 16, 17, 64, 65, 254, 255, 256, 512, 513]))
}

/** Where a unit belongs by its code. */
function placeFor(level: readonly UnitNode[], unit: UnitNode): number {
  const place = level.findIndex((other) => other.code > unit.code)
  return place === -1 ? level.length : place
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
