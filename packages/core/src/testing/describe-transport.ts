// The contract of the transport port as a suite of tests that every transport passes. It brings no test
// framework: the caller hands over its `describe`, `it` and `expect`.
import { connecting } from './contract/connecting.ts'
import { data } from './contract/data.ts'
import { ending } from './contract/ending.ts'
import { expedited } from './contract/expedited.ts'
import { flow } from './contract/flow.ts'
import { type ContractTests, type Expect, Rig, type TestApi, type TransportFixture } from './contract/rig.ts'

/**
 * Declares the suite. `make` is called for each test.
 *
 *     describeTransport('tcp', () => ({ transport: tcp({ port: 0 }), dial: ... }), { describe, it, expect })
 */
export function describeTransport(
  name: string,
  make: () => TransportFixture | Promise<TransportFixture>,
  api: TestApi,
): void {
  const declare = (part: string, tests: ContractTests): void => {
    api.describe(part, () => {
      for (const [title, body] of Object.entries(tests)) api.it(title, () => withRig(make, api.expect, body))
    })
  }
  api.describe(`${name} keeps the contract of a transport`, () => {
    declare('connecting', connecting)
    declare('data', data)
    declare('expedited data', expedited)
    declare('flow control', flow)
    declare('ending', ending)
  })
}

async function withRig(
  make: () => TransportFixture | Promise<TransportFixture>,
  expect: Expect,
  body: ContractTests[string],
): Promise<void> {
  const rig = await Rig.open(await make())
  try {
    await body(rig, expect)
  } catch (error) {
    rig.abandon()
    throw error
  }
  await rig.end(expect)
}
