// The table that people read, by example.
import { describe, expect, it } from 'vitest'
import type { Result } from '../src/measure.ts'
import { table } from '../src/report.ts'

const round = (rate: number, serverCpu?: number) => ({
  yardstick: { rate: 1000, serverCpu: 10, clientCpu: 10 },
  contender: serverCpu === undefined ? { rate, clientCpu: 30 } : { rate, serverCpu, clientCpu: 30 },
})

describe('table', () => {
  it('shows medians, the range of the ratios, and what each call costs', () => {
    const results: Result[] = [
      {
        workload: 'unary64',
        contender: 'parley-tcp',
        rounds: [round(700, 16), round(800, 18), round(900, 17)],
      },
    ]
    expect(table(results).split('\n').slice(0, 4)).toEqual([
      'unary64: small object echoed, 64 at a time',
      '                                  calls/s  ratio      (range)  server us  ratio  client us  ratio',
      '  yardstick (node:net + msgpack)    1,000   1.00  (1.00-1.00)      10.00   1.00      10.00   1.00',
      '  Parley over TCP                     800   0.80  (0.70-0.90)      17.00   1.70      30.00   3.00',
    ])
  })

  it('leaves a figure open that cannot be told, and names a failure', () => {
    const results: Result[] = [
      { workload: 'unary1', contender: 'parley-memory', rounds: [round(2000)] },
      { workload: 'unary1', contender: 'grpc', rounds: [], failure: 'no route\nat somewhere' },
    ]
    const lines = table(results).split('\n')
    expect(lines[3]).toMatch(/2,000 +2\.00 +\(2\.00-2\.00\) +- +- +30\.00 +3\.00$/)
    expect(lines[4]).toMatch(/@grpc\/grpc-js +failed: no route$/)
  })
})
