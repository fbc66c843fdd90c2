// LMDB as the store uses it: a transaction is done whole, or not at all.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Environment, openEnvironment } from '../src/environment.ts'
import { freshPath } from './folder.ts'

let environment: Environment
const octets = (...values: number[]): Uint8Array => Uint8Array.from(values)

beforeEach(() => {
  environment = openEnvironment(freshPath())
})
afterEach(() => environment.close())

it('undoes what a transaction did before its work threw, and goes on', async () => {
  await environment.transaction(() => environment.put(octets(1), octets(10)))
  const broken = environment.transaction(() => {
    environment.put(octets(1), octets(11))
    environment.put(octets(2), octets(20))
    expect(environment.get(octets(2))).toEqual(Buffer.from([20]))
    throw new RangeError('no')
  })
  await expect(broken).rejects.toThrow(new RangeError('no'))
  expect([environment.get(octets(1)), environment.get(octets(2))]).toEqual([Buffer.from([10]), undefined])
  await environment.transaction(() => environment.remove(octets(1)))
  expect(environment.get(octets(1))).toBeUndefined()
})

it('walks upwards, and downwards, without the end', async () => {
  await environment.transaction(() => {
    for (const key of [1, 2, 3, 4]) environment.put(octets(key), octets(key))
  })
  const keys = (from: number, to: number): (number | undefined)[] =>
    [...environment.range(octets(from), octets(to))].map(({ key }) => key[0])
  expect([keys(2, 4), keys(4, 1), keys(9, 0), keys(3, 3)]).toEqual([[2, 3], [4, 3, 2], [4, 3, 2, 1], []])
})
