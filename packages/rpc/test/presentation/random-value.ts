// Values of every kind that travels, nested at random. The same seed gives the same value.
import type { SeededRandom } from '@parley/core/testing'

/** A value nested at most `depth` deep. */
export function randomValue(random: SeededRandom, depth: number): unknown {
  return random.pick(depth > 0 && random.chance(0.7) ? containers : leaves)(random, depth)
}

/** Keys that lead somewhere they should not, in careless code. */
export const temptingKeys: readonly string[] = [
  'constructor',
  'prototype',
  'toJSON',
  'then',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'length',
  'name',
  'stack',
]

const numbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 64,
  -32,
  -33,
  -128,
  -129,
  -32_768,
  -32_769,
  -(2 ** 31),
  -(2 ** 31) - 1,
  -(2 ** 53) + 1,
  0.1,
  1e308,
  5e-324,
  Number.EPSILON,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]

const lengths: readonly number[] = [0, 1, 2, 15, 16, 31, 32, 50, 51, 66, 67, 200, 201, 255, 256]

const alphabets: readonly string[][] = [
  Array.from('abcdefgh '),
  Array.from('äßж漢🙂'),
  ['\ud800', '\udc00', 'x', '\ufeff', '\ufffd', '\u0000'],
]

type Maker = (random: SeededRandom, depth: number) => unknown

const leaves: readonly Maker[] = [
  () => undefined,
  () => null,
  (random) => random.chance(0.5),
  (random) => random.pick(numbers),
  (random) => (random.float() - 0.5) * 10 ** random.below(300),
  (random) => BigInt(random.pick([1, -1])) * 2n ** BigInt(random.below(140)) + BigInt(random.below(3) - 1),
  text,
  (random) => random.bytes(random.pick(lengths)),
  (random) => new Date(Math.floor((random.float() - 0.5) * 1.7e16)),
  () => new Date(Number.NaN),
  (random) => random.bytes(8 * random.below(9)).buffer,
  (random) => new DataView(random.bytes(random.below(20)).buffer),
  (random) => new (random.pick(typedArrays))(random.bytes(8 * random.below(9)).buffer as ArrayBuffer),
]

const typedArrays = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const

const containers: readonly Maker[] = [
  (random, depth) => list(random, depth),
  (random, depth) => Object.fromEntries(entries(random, depth)),
  (random, depth) => Object.fromEntries(entries(random, depth)),
  (random, depth) => Object.assign(Object.create(null) as object, Object.fromEntries(entries(random, depth))),
  (random, depth) => new Map(list(random, depth).map((key) => [key, randomValue(random, depth - 1)])),
  (random, depth) => new Set(list(random, depth)),
  error,
]

function list(random: SeededRandom, depth: number): unknown[] {
  const length = random.chance(0.05) ? 20 : random.below(5)
  return Array.from({ length }, () => randomValue(random, depth - 1))
}

function entries(random: SeededRandom, depth: number): [string, unknown][] {
  return list(random, depth).map((value, i) => {
    if (random.chance(0.1)) return [random.pick(temptingKeys), value]
    return [random.chance(0.2) ? keyText(random) : `key${i}`, value]
  })
}

function text(random: SeededRandom): string {
  return join(random, random.pick(alphabets))
}

/** Not every string can be a key. */
function keyText(random: SeededRandom): string {
  return join(random, random.pick(alphabets.slice(0, 2)))
}

function join(random: SeededRandom, alphabet: readonly string[]): string {
  return Array.from({ length: random.pick(lengths) }, () => random.pick(alphabet)).join('')
}

const errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError] as const

function error(random: SeededRandom, depth: number): Error {
  const options = random.chance(0.3) ? { cause: randomValue(random, depth - 1) } : undefined
  const made = random.chance(0.2)
    ? new AggregateError(list(random, depth), text(random), options)
    : new (random.pick(errors))(text(random), options)
  if (random.chance(0.3)) Object.assign(made, { code: randomValue(random, depth - 1) })
  return made
}
