// The hand-made vectors, one list for both directions, then cut short, surrounded, and with unknown
// parameters in them.
import { describe, expect, test } from 'vitest'
import { openingContext, type DecodeContext } from '../../src/spdu/index.ts'
import { octetsOf, treeOf, type UnitNode } from './fuzz/tree.ts'
import {
  encode,
  faultOf,
  goodVectors,
  hexOf,
  parse,
  surrounded,
  vectors,
  watched,
  withoutStacks,
} from './support.ts'

/** AEA has the octets of MAA: what is outstanding tells them apart. */
function contextFor(name: string): DecodeContext {
  return { ...openingContext, extended: true, outstanding: name === 'AEA' ? 'AE' : 'MAP' }
}

function vector(name: string): Uint8Array {
  const found = vectors.get(name)
  if (found === undefined) throw new Error(`no vector ${name}`)
  return found
}

describe('vectors', () => {
  test.each(goodVectors)('%s decodes and encodes to the same octets', (name, tsdu) => {
    const spdus = parse(surrounded(tsdu), contextFor(name))
    expect(hexOf(encode(spdus))).toBe(hexOf(tsdu))
  })

  test('every SPDU is among them under its name', () => {
    for (const [name, tsdu] of goodVectors) {
      const type = /^[A-Z]+/.exec(name)?.[0] ?? ''
      const wanted = name.startsWith('EXT') ? 'DT' : name.startsWith('GT-with') ? 'DT' : type
      expect(parse(tsdu, contextFor(name)).at(-1)?.type).toBe(wanted)
    }
  })

  test.each([
    ['bad-PI-len', 'overrun', 4],
    ['bad-SPDU-len', 'truncated', 1],
    ['unordered-PI', 'order', 6],
    ['unknown-SI', 'unknown-si', 0],
  ] as const)('%s is refused: %s at octet %i', (name, reason, offset) => {
    const fault = faultOf(() => parse(vector(name)))
    expect(fault.reason).toBe(reason)
    expect(fault.offset).toBe(offset)
    expect(vector(name).subarray(0, 9).join()).toContain(fault.reflected.join())
  })

  test('unknown-PI is valid: the parameter is passed over', () => {
    expect(parse(vector('unknown-PI'))).toEqual([{ type: 'GT' }, { type: 'MIP', serialNumber: 1 }])
  })
})

/** Where a shorter TSDU is itself valid: shorter user information, or fewer SPDUs. */
const validCuts: ReadonlyMap<string, (length: number) => boolean> = new Map([
  ['DT', (length) => length > 4],
  ['DT-seg-begin', (length) => length > 7],
  ['DT-seg-mid', (length) => length > 7],
  ['DT-seg-end', (length) => length >= 7],
  ['GT-with-token+DT', (length) => length === 5 || length > 7],
  ['EX', (length) => length > 2],
  ['TD', (length) => length > 2],
  ['EXT: GT+AS+MIP+DT', (length) => length === 11 || length === 16 || length > 18],
])

describe('truncated vectors', () => {
  test.each([...vectors])(
    '%s: every shorter piece is refused and nothing behind it is read',
    (name, tsdu) => {
      const refused = withoutStacks(() => refusedPieces(name, tsdu))
      expect(refused).toBeGreaterThan(0)
    },
  )

  function refusedPieces(name: string, tsdu: Uint8Array): number {
    let refused = 0
    for (let length = 0; length < tsdu.length; length++) {
      if (validCuts.get(name)?.(length) === true) continue
      // The rest of the vector itself is the most tempting thing to read on into.
      const piece = watched(tsdu.subarray(0, length))
      const fault = faultOf(() => parse(piece.tsdu, contextFor(name)))
      if (piece.beyond.length > 0 || fault.offset > length) {
        throw new Error(`${length} octets: read ${piece.beyond.join()}, fault at ${fault.offset}`)
      }
      refused += 1
    }
    return refused
  }

  test.each([...validCuts])('%s: the pieces that are valid decode within their bounds', (name, isValid) => {
    const tsdu = vector(name)
    for (let length = 0; length < tsdu.length; length++) {
      if (!isValid(length)) continue
      const piece = tsdu.subarray(0, length)
      expect(hexOf(encode(parse(piece, contextFor(name))))).toBe(hexOf(piece))
    }
  })

  test('no vector reads beyond its end when it is whole', () => {
    for (const [name, tsdu] of goodVectors) {
      const whole = watched(tsdu)
      parse(whole.tsdu, contextFor(name))
      expect(whole.beyond).toEqual([])
    }
  })
})

describe('unknown parameters', () => {
  const unknown: readonly UnitNode[] = [
    { code: 99, value: Uint8Array.of(25, 1, 1) },
    { code: 255, value: new Uint8Array(0) },
    { code: 200, value: new Uint8Array(300).fill(193) },
    // T.62 reserves these; 18 is its inactivity timer, 2 and 65 are groups.
    { code: 18, value: Uint8Array.of(1) },
    { code: 2, value: Uint8Array.of(9, 200) },
    { code: 65, value: Uint8Array.of(1, 2, 3) },
  ]

  test.each(goodVectors.filter(([, tsdu]) => tsdu.length < 200))(
    '%s: passed over at every place and level',
    (name, tsdu) => {
      const context = contextFor(name)
      const wanted = parse(tsdu, context)
      let inserted = 0
      for (const unit of unknown) {
        for (let level = 0; level < levelsIn(treeOf(tsdu)).length; level++) {
          for (let place = 0; place <= (levelsIn(treeOf(tsdu))[level]?.length ?? 0); place++) {
            const tree = treeOf(tsdu)
            levelsIn(tree)[level]?.splice(place, 0, unit)
            expect(parse(surrounded(octetsOf(tree)), context)).toEqual(wanted)
            inserted += 1
          }
        }
      }
      expect(inserted).toBeGreaterThanOrEqual(unknown.length)
    },
  )

  test('a parameter of X.225 at a place where it is not defined is no unknown one', () => {
    const reflectInData = Uint8Array.of(1, 0, 1, 3, 49, 1, 0, 0x61)
    expect(faultOf(() => parse(reflectInData)).reason).toBe('misplaced')
    const versionInReferences = Uint8Array.of(0x0d, 5, 1, 3, 22, 1, 2)
    expect(faultOf(() => parse(versionInReferences)).reason).toBe('misplaced')
  })
})

function levelsIn(tree: ReturnType<typeof treeOf>): UnitNode[][] {
  return tree.flatMap((spdu) => [
    spdu.units,
    ...spdu.units.flatMap((unit) => (Array.isArray(unit.value) ? [unit.value] : [])),
  ])
}
