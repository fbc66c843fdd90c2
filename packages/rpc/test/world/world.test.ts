// A share of the simulation of whole worlds, in processes of its own: a world takes over the globals of its
// process, which nobody else may use meanwhile.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SEEDS = 500

test(
  `${SEEDS} worlds: nothing lost, nothing twice, and everything settles`,
  { timeout: 120_000 },
  async () => {
    const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
    const options = ['--conditions=@parley/source', '--import', beside('loader.mjs'), beside('run.ts')]
    const printed = await new Promise<string>((resolve) => {
      const command = [...options, '--count', String(SEEDS), '--replays', '20']
      execFile(process.execPath, command, (_error, out, err) => resolve(out + err))
    })
    expect(printed).toContain('20 of them replayed, 20 the same in every bit')
    expect(printed).toMatch(new RegExp(`${SEEDS} seeds in .* 0 failed`))
    // Of every class of faults and of every kind of outcome there is some, and work that goes on.
    const missing = [
      ...['cut', 'stall', 'unreachable', 'crash', 'hold', 'client crash', 'drain', 'handover', 'store lost'],
      'load',
      ...[
        'UNKNOWN_OUTCOME unknown',
        'POISONED unknown',
        'UNAVAILABLE not-started',
        'KEY_CONFLICT not-started',
      ],
    ].filter((what) => !printed.includes(`${what} `))
    expect(missing).toEqual([])
  },
)
