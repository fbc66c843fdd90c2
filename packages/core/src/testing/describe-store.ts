// The contract of the checkpoint store port as a suite of tests that every store passes. It brings no test
// framework: the caller hands over its `describe`, `it` and `expect`.
import type { Expect, TestApi } from './contract/rig.ts'
import { entries } from './contract/store/entries.ts'
import { keeping } from './contract/store/keeping.ts'
import { model } from './contract/store/model.ts'
import { type StoreFixture, StoreRig, type StoreTests } from './contract/store/rig.ts'
import { taking } from './contract/store/taking.ts'

/**
 * Declares the suite. `make` is called for each test.
 *
 *     describeStore('memory', () => ({ store: memoryStore() }), { describe, it, expect })
 */
export function describeStore(
  name: string,
  make: () => StoreFixture | Promise<StoreFixture>,
  api: TestApi,
): void {
  const declare = (part: string, tests: StoreTests): void => {
    api.describe(part, () => {
      for (const [title, body] of Object.entries(tests)) api.it(title, () => withRig(make, api.expect, body))
    })
  }
  api.describe(`${name} keeps the contract of a checkpoint store`, () => {
    declare('taking over', taking)
    declare('entries', entries)
    declare('keeping', keeping)
    declare('all of it', model)
  })
}

async function withRig(
  make: () => StoreFixture | Promise<StoreFixture>,
  expect: Expect,
  body: StoreTests[string],
): Promise<void> {
  const rig = new StoreRig(await make())
  try {
    await body(rig, expect)
  } finally {
    await rig.end()
  }
}
