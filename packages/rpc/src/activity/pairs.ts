// Lists of numbers in the messages of an activity, read without trust: what is none is left out.

/** Pairs of channel and position. */
export function* pairsIn(list: readonly unknown[]): Generator<readonly [number, number]> {
  for (const one of list) if (Array.isArray(one) && isCount(one[0]) && isCount(one[1])) yield [one[0], one[1]]
}

/** The same with a credit, which may be below 0. */
export function* triplesIn(list: readonly unknown[]): Generator<readonly [number, number, number]> {
  for (const one of list)
    if (Array.isArray(one) && isCount(one[0]) && isCount(one[1]) && Number.isSafeInteger(one[2]))
      yield [one[0], one[1], one[2] as number]
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
