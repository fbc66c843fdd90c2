// The arithmetic of the comparison, pure: samples become figures, figures of one interleaving become ratios,
// and the median of several interleavings is what is reported.

/** What one side did in one interleaving. Each figure is missing where it cannot be told. */
export interface Figures {
  /** Operations per second. */
  readonly rate?: number
  /** Microseconds of processor time per operation, in the server. */
  readonly serverCpu?: number
  /** The same in the client; in both together where they share one process. */
  readonly clientCpu?: number
  /** Octets of resident memory per idle connection, in the server. */
  readonly memory?: number
}

export type FigureName = keyof Figures

/** One interleaving: yardstick, contender, contender, yardstick. */
export interface Round {
  readonly yardstick: Figures
  readonly contender: Figures
}

/** One slice: how much was done, in how many seconds, for how many microseconds of processor time. */
export interface Measured {
  readonly count: number
  readonly seconds: number
  readonly cpu: number
  readonly serverCpu: number | undefined
}

/** The figures of several slices taken together. */
export function figuresOf(slices: readonly Measured[]): Figures {
  const count = sum(slices.map((slice) => slice.count))
  const seconds = sum(slices.map((slice) => slice.seconds))
  const clientCpu = sum(slices.map((slice) => slice.cpu)) / count
  const serverSlices = slices.map((slice) => slice.serverCpu).filter((cpu) => cpu !== undefined)
  const common = { rate: count / seconds, clientCpu }
  return serverSlices.length === slices.length ? { ...common, serverCpu: sum(serverSlices) / count } : common
}

/** The middle value, or the mean of the two in the middle; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[Math.floor((sorted.length - 1) / 2)]
  const high = sorted[Math.ceil((sorted.length - 1) / 2)]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/** The contender's value of a figure in each round that has one. */
export function values(rounds: readonly Round[], name: FigureName): number[] {
  return rounds.map((round) => round.contender[name]).filter((value) => value !== undefined)
}

/**
 * Contender over yardstick, each pair from one round, so that what slows the machine for a while slows both.
 */
export function ratios(rounds: readonly Round[], name: FigureName): number[] {
  return rounds
    .map(({ yardstick, contender }) => {
      const [under, over] = [yardstick[name], contender[name]]
      // Memory too little to see can come out as nothing or less, which no ratio can be made of.
      return under === undefined || over === undefined || under <= 0 ? undefined : over / under
    })
    .filter((ratio) => ratio !== undefined)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
