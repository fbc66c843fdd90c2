// The recovery of sessions on the transport in memory, under a virtual clock and in real time.

import { describe, expect, it } from 'vitest'

import { systemClock } from '../../src/index.ts'
import { describeRecovery, memory, VirtualClock } from '../../src/testing/index.ts'

const api = { describe, it, expect }

describeRecovery(
  'memory under a virtual clock',
  () => {
    const clock = new VirtualClock()
    const transport = memory({ clock })
    return {
      transport,
      clock,
      pass: (milliseconds) => clock.advanceAsync(milliseconds),
      async expectNothingLeft() {
        await clock.advanceAsync(6_000)
        transport.expectNothingLeft()
        clock.expectNothingLeft()
      },
    }
  },
  api,
)

describeRecovery(
  'memory',
  () => {
    const transport = memory()
    const pass = (milliseconds: number): Promise<void> =>
      new Promise((resolve) => void systemClock.setTimer(milliseconds, resolve))
    return { transport, clock: systemClock, pass }
  },
  api,
)
