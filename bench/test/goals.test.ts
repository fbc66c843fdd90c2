// The goals: how a run is judged, and that each goal names something that exists.
import { describe, expect, it } from 'vitest'
import { contenders } from '../src/contenders/index.ts'
import { type Goal, goals, judge } from '../src/goals.ts'
import type { Figures } from '../src/statistics.ts'
import { workloads } from '../src/workload.ts'

const result = (contender: string, yardstick: Figures, own: Figures, workload = 'unary64') => ({
  workload,
  contender,
  rounds: [{ yardstick, contender: own }],
})

const only = (goal: Goal, ...results: ReturnType<typeof result>[]) => judge([goal], results)[0]

describe('judge', () => {
  const share: Goal = {
    workload: 'unary64',
    contender: 'parley-tcp',
    figure: 'rate',
    of: 'yardstick',
    atLeast: 0.7,
  }

  it('compares the ratio to the yardstick with the least wanted', () => {
    expect(only(share, result('parley-tcp', { rate: 100 }, { rate: 70 }))?.outcome).toBe('met')
    expect(only(share, result('parley-tcp', { rate: 100 }, { rate: 69 }))?.outcome).toBe('missed')
  })

  it('compares a cost with the most allowed', () => {
    const cost: Goal = { ...share, figure: 'serverCpu', atLeast: 0, atMost: 1.8 }
    expect(only(cost, result('parley-tcp', { serverCpu: 10 }, { serverCpu: 18 }))?.outcome).toBe('met')
    expect(only(cost, result('parley-tcp', { serverCpu: 10 }, { serverCpu: 19 }))?.outcome).toBe('missed')
  })

  it('compares two contenders by what each is of the yardstick beside which it ran', () => {
    const times: Goal = { ...share, of: { contender: 'grpc' }, atLeast: 12 }
    const verdict = only(
      times,
      result('parley-tcp', { rate: 1000 }, { rate: 800 }),
      result('grpc', { rate: 500 }, { rate: 25 }),
    )
    expect(verdict).toMatchObject({ measured: 16, outcome: 'met' })
  })

  it('takes a figure as it is where nothing is divided', () => {
    const memory: Goal = {
      workload: 'idle',
      contender: 'parley-tcp',
      figure: 'memory',
      of: 'itself',
      atMost: 20_480,
    }
    const measured = result('parley-tcp', { memory: 12_000 }, { memory: 21_000 }, 'idle')
    expect(only(memory, measured)).toMatchObject({ measured: 21_000, outcome: 'missed' })
  })

  it('says so when a run did not measure it', () => {
    expect(only(share, result('grpc', { rate: 100 }, { rate: 4 }))?.outcome).toBe('not measured')
  })
})

describe('goals', () => {
  it('speak of workloads and contenders that exist, and each has a bound', () => {
    for (const goal of goals) {
      expect(workloads.map(({ name }) => name)).toContain(goal.workload)
      expect([...contenders.keys()]).toContain(goal.contender)
      expect(goal.atLeast ?? goal.atMost).toBeGreaterThan(0)
    }
  })
})
