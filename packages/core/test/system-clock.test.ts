// The real clock: its timers fire, can be cancelled, and keep a process alive only if they are to.

import { spawnSync } from 'node:child_process'

import { describe, expect, it } from 'vitest'

import { systemClock } from '../src/index.ts'

describe('the system clock', () => {
  it('fires timers, in the order of their time, and not those that were cancelled', async () => {
    const fired: string[] = []
    const start = systemClock.now()
    systemClock.setTimer(5, () => fired.push('second'))
    systemClock.setTimer(1, () => fired.push('first'))
    systemClock.setTimer(2, () => fired.push('cancelled')).cancel()
    await new Promise<void>((resolve) => void systemClock.setTimer(20, resolve, true))
    expect(fired).toEqual(['first', 'second'])
    expect(systemClock.now() - start).toBeGreaterThanOrEqual(19)
  })

  it('lets a process end unless a timer is to hold it', () => {
    const source = new URL('../src/system-clock.ts', import.meta.url).href
    const program = `import { systemClock } from '${source}'
      systemClock.setTimer(100, () => console.log('held'), true)
      systemClock.setTimer(60_000, () => console.log('not held'))`
    const { stdout, status } = spawnSync(
      process.execPath,
      ['--import', '@oxc-node/core/register', '--input-type=module', '--eval', program],
      { encoding: 'utf8', timeout: 20_000 },
    )
    expect([stdout, status]).toEqual(['held\n', 0])
  })
})
