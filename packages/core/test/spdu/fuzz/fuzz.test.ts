// A fixed share of the fuzzer beside the other tests; run.ts does more. Here too: that the generator repeats
// itself, that the mutator finds its way into valid SPDUs of every kind, and that the check finds planted
// faults.
import { describe, expect, test } from 'vitest'
import { encodeTsdu, openingContext, spduTable } from '../../../src/spdu/index.ts'
import { hex, join, parse, vectors } from '../support.ts'
import { fuzz, problemWith } from './check.ts'
import { mutate } from './mutate.ts'
import { Prng } from './prng.ts'
import { slowDecode } from './slow-decoder.ts'
import { octetsOf, treeOf } from './tree.ts'

const seeds = [...vectors.values()]

describe('fuzz', () => {
  test('20,000 inputs keep every promise', { timeout: 60_000 }, () => {
    const failures: string[] = []
    const passed = fuzz(20_000, 0, 20_000, (message) => failures.push(message))
    expect(failures).toEqual([])
    expect(passed).toBe(20_000)
  })

  test('the same seed makes the same inputs', () => {
    const inputs = (seed: number): string[] => {
      const prng = new Prng(seed)
      return Array.from({ length: 50 }, () => mutate(seeds, prng).join())
    }
    expect(inputs(7)).toEqual(inputs(7))
    expect(inputs(7)).not.toEqual(inputs(8))
  })

  test('the mutator reaches every SPDU in valid form, and refuses come from every reason', () => {
    const types = new Set<string>()
    const reasons = new Set<string>()
    for (let number = 0; number < 20_000; number++) {
      const tsdu = mutate(seeds, new Prng(number))
      try {
        for (const spdu of parse(tsdu, {
          ...openingContext,
          extended: true,
          outstanding: number % 2 === 0 ? 'AE' : 'MAP',
        })) {
          types.add(spdu.type)
        }
      } catch (error) {
        if (error instanceof Error && 'reason' in error) reasons.add(String(error.reason))
      }
    }
    expect([...types].sort()).toEqual(Object.keys(spduTable).sort())
    expect([...reasons].sort()).toEqual([
      'category',
      'duplicate',
      'length',
      'limit',
      'misplaced',
      'missing',
      'order',
      'overrun',
      'truncated',
      'unknown-si',
      'value',
    ])
  })

  test('trees are written as they were read', () => {
    for (const tsdu of seeds.slice(0, -5)) expect(octetsOf(treeOf(tsdu))).toEqual(tsdu)
  })

  test('the check notices octets that throw something else, and decoders that differ', () => {
    expect(problemWith(hex('01000100 61'), openingContext)).toBeUndefined()
    const hostile = new Proxy(hex('0d280503'), {
      get: (target, key) => {
        if (key === '1') throw new RangeError('planted')
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    expect(problemWith(hostile, openingContext)).toContain('planted')
  })

  test('the slow decoder reads what the encoder writes', () => {
    const tsdu = join(encodeTsdu([{ type: 'MIP', serialNumber: 42, userData: hex('6869') }]))
    expect(slowDecode(tsdu, openingContext)).toEqual([
      { type: 'GT' },
      { type: 'MIP', serialNumber: 42, userData: hex('6869') },
    ])
  })
})
