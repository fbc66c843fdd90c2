// The command line, by example.
import { describe, expect, it } from 'vitest'
import { parseOptions } from '../src/options.ts'

const names = (only: string): string[] => parseOptions(['--only', only]).workloads.map(({ name }) => name)

describe('parseOptions', () => {
  it('measures everything unless told otherwise', () => {
    const options = parseOptions([])
    expect(options.workloads).toHaveLength(8)
    expect(options.contenders).toEqual(['parley-tcp', 'parley-memory', 'rsocket', 'grpc'])
  })

  it('takes a workload by its whole name, or all that share a part', () => {
    expect(names('unary64')).toEqual(['unary64'])
    expect(names('stream')).toEqual(['server-stream', 'client-stream'])
    expect(names('idle,unary1')).toEqual(['unary1', 'idle'])
  })

  it('lets one number differ from the quick run', () => {
    const usual = parseOptions(['--quick'])
    const longer = parseOptions(['--quick', '--seconds', '4'])
    expect(longer).toEqual({ ...usual, seconds: 4 })
  })

  it('refuses what it does not know, naming what there is', () => {
    expect(() => parseOptions(['--only', 'binry'])).toThrow(/no workload 'binry'; there are unary1, /)
    expect(() => parseOptions(['--contenders', 'trpc'])).toThrow(
      /no contender 'trpc'; there are parley-tcp, /,
    )
    expect(() => parseOptions(['--rounds', 'many'])).toThrow("--rounds must be a number above 0, not 'many'")
    expect(() => parseOptions(['--fast'])).toThrow(/--fast/)
    expect(() => parseOptions(['--quick', '--check'])).toThrow('--quick measures nothing')
  })
})
