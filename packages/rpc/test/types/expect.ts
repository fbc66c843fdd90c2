// For tests that the compiler runs: `Expect<Equal<A, B>>` does not compile unless A and B are the same type.

/** True when A and B are the same type; `any` is the same as nothing else. */
// Two functions with a conditional type in them are alike only if the types they ask for are identical. As an
// alias of its own the function would be compared by its argument's variance instead.
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Takes `true` only. */
export type Expect<T extends true> = T

/** Equal itself tells apart what is only alike. */
export type EqualTold = [
  Expect<Equal<Equal<unknown, string>, false>>,
  Expect<Equal<Equal<{ readonly a: 1 }, { a: 1 }>, false>>,
  Expect<Equal<Equal<{ a?: 1 }, { a?: 1 | undefined }>, false>>,
  Expect<Equal<Equal<(a: 1) => void, (a: never) => void>, false>>,
  Expect<Equal<Equal<string, string>, true>>,
]
