// What is computed of recovery's figures, and what the command line may say.
import { expect, it } from 'vitest'
import { parseOptions } from '../../recovery/effort.ts'
import { percentile, spread } from '../../recovery/words.ts'

it('takes percentiles from what was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect([0, 0.5, 0.99, 1].map((part) => percentile(hundred, part))).toEqual([1, 50, 99, 100])
  expect(percentile([7], 0.99)).toBe(7)
  expect(percentile([], 0.5)).toBeNaN()
})

it('says the median and the range', () => {
  expect(spread([3, 1, 2], String)).toBe('2 (1 to 3)')
})

it('reads the command line', () => {
  expect(parseOptions(['--only', 'cut,kill', '--rounds', '30'])).toMatchObject({
    only: ['cut', 'kill'],
    quick: false,
    effort: { kills: 30, cuts: 600, stops: 10 },
  })
  expect(parseOptions([]).only).toBeUndefined()
  expect(() => parseOptions(['--rounds', '0'])).toThrow("--rounds must be a whole number above 0, not '0'")
})
