// The command line, and how much is done of each figure. Pure.
import { parseArgs } from 'node:util'
import { sessionLimits } from '@parley/rpc'
import { tcpLimits } from '@parley/transport-tcp'

/** How often, how many, how long. */
export interface Effort {
  /** Pairs of processes for the cost of retention, and interleavings of each. */
  readonly pairs: number
  readonly interleavings: number
  /** Seconds of a slice of it, and before the first. */
  readonly slice: number
  readonly warmup: number
  /** Cuts, and the sessions that they fall on in turn. */
  readonly cuts: number
  readonly links: number
  /** Nodes killed and restarted; nodes killed beside another one. */
  readonly kills: number
  /** Nodes stopped beside another one, and in how many milliseconds that is noticed. */
  readonly stops: number
  readonly silenceTimeout: number
  readonly connectTimeout: number
  /** Sessions that resume at once, and how often. */
  readonly sessions: number
  readonly storms: number
  /** Rounds of durable calls on each store, seconds of one and before it, calls in progress. */
  readonly durableRounds: number
  readonly durableSeconds: number
  readonly durableWarmup: number
  readonly durableCalls: number
}

/** What the command was asked for. */
export interface Options {
  /** Names of figures; undefined: all. */
  readonly only: readonly string[] | undefined
  readonly effort: Effort
  readonly rounds: number
  readonly quick: boolean
}

/** Reads the command line. Throws with a sentence for the user when it makes no sense. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '10' },
      quick: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number above 0, not '${values.rounds}'`)
  const { quick } = values
  return { only: values.only?.split(','), effort: quick ? quickEffort : effortOf(rounds), rounds, quick }
}

/** A figure whose rounds take long has fewer of them. */
function effortOf(rounds: number): Effort {
  return {
    pairs: rounds,
    interleavings: 6,
    slice: 0.25,
    warmup: 3,
    cuts: 20 * rounds,
    links: 40,
    kills: rounds,
    stops: Math.ceil(rounds / 3),
    silenceTimeout: sessionLimits.silenceTimeout,
    connectTimeout: tcpLimits.connectTimeout,
    sessions: 2000,
    storms: Math.ceil(rounds / 3),
    durableRounds: Math.ceil(rounds / 2),
    durableSeconds: 2,
    durableWarmup: 1,
    durableCalls: 1024,
  }
}

/** Does everything run? */
const quickEffort: Effort = {
  pairs: 1,
  interleavings: 1,
  slice: 0.05,
  warmup: 0.05,
  cuts: 4,
  links: 4,
  kills: 1,
  stops: 1,
  silenceTimeout: 250,
  connectTimeout: 500,
  sessions: 20,
  storms: 1,
  durableRounds: 1,
  durableSeconds: 0.1,
  durableWarmup: 0.1,
  durableCalls: 64,
}
